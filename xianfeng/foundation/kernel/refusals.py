"""Refusals: a stable code for machines and a sentence for people, from catalogue/texts/errors.toml."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from xianfeng.foundation.kernel import catalogue


@dataclass(frozen=True)
class Refusal:
    """Why something may not be done: `code`, the `field` at fault, and what the sentence needs."""

    code: str
    field: str | None = None
    params: dict[str, Any] = dataclasses.field(default_factory=dict)


class Refused(Exception):
    """An operation said no; nothing was written."""

    def __init__(self, refusal: "Refusal | str", field: str | None = None, **params: Any) -> None:
        self.refusal = refusal if isinstance(refusal, Refusal) else Refusal(refusal, field, params)
        super().__init__(self.refusal.code)


class Missing(Refused):
    """Not there, or not for the one who asks: the two look alike."""

    def __init__(self) -> None:
        super().__init__("not-found")


class Replayed(Exception):
    """The request of this idempotency key has been done before."""

    def __init__(self, subject_kind: str, subject_id: int) -> None:
        self.subject_kind, self.subject_id = subject_kind, subject_id
        super().__init__(f"{subject_kind} {subject_id}")


def entry(code: str) -> dict[str, Any]:
    """Return the catalogue's entry of a refusal code. Raises KeyError for an unknown one."""
    found: dict[str, Any] = catalogue.load("texts/errors")[code]
    return found


def status(code: str) -> int:
    """Return the HTTP status of a refusal code."""
    return int(entry(code)["status"])


def sentence(refusal: Refusal, language: str) -> str:
    """Return the sentence of `refusal` in `language` ('zh-hans' or 'en'), what to do included."""
    text: str = entry(refusal.code)["en" if language.startswith("en") else "zh"]
    return text.format_map(_Shown(refusal.params))


class _Shown(dict[str, Any]):
    """Leaves an unknown field readable instead of failing while an error is being told."""

    def __missing__(self, key: str) -> str:
        return "…"
