"""Who carries one-time codes to phones. `config` names the one in use."""

import logging
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)


class CodeSender(Protocol):
    """Sends a code to a number; raises OSError if it cannot."""

    def send(self, mobile: str, code: str) -> None:
        """Carry `code` to `mobile`."""


class ConsoleSender:
    """Writes the code on the console: for the demo and for development."""

    def send(self, mobile: str, code: str) -> None:
        """Print the code with the masked number."""
        log.warning("sign-in code for %s****%s: %s", mobile[:3], mobile[-4:], code)


class QuietSender:
    """Carries nothing: the demo's answer shows the code itself."""

    def send(self, mobile: str, code: str) -> None:
        """Do nothing."""


@cache
def sender() -> CodeSender:
    """Return the sender that settings name."""
    made: CodeSender = import_string(settings.CODE_SENDER)()
    return made
