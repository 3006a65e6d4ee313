"""What is wrong with the folder of a system, where, and what to do about it (catalogue/texts/checks.toml)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xianfeng.foundation.kernel import catalogue


@dataclass(frozen=True)
class Fault:
    """One mistake: in which file and on which line; `code` names its sentence, `params` fill that in."""

    file: str
    line: int
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def sentence(self, language: str) -> str:
        """Return what is wrong, in `language`."""
        told = catalogue.load("texts/checks")[self.code]
        return str(told["en" if language.startswith("en") else "zh"]).format(**self.params)

    def told(self, language: str) -> str:
        """Return where and what, as a compiler says it: 'services/lost.toml:12: …'."""
        return f"{self.file or '.'}:{self.line}: {self.sentence(language)}"


class Unfit(Exception):
    """A folder that cannot be loaded; `faults` say why."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        super().__init__(f"{name}: " + "; ".join(fault.told("en") for fault in faults[:5]))
        self.faults = faults
