"""What can be wrong with a file, or with one line of it."""

from dataclasses import dataclass
from typing import Any, Self

from xianfeng.foundation.kernel import catalogue


class Reason(str):
    """Why, as the command says it; `told` says it in the reader's language. Codes: catalogue/texts/lists.toml."""

    __slots__ = ("code", "params")
    code: str
    params: dict[str, Any]

    def __new__(cls, code: str, /, **params: Any) -> Self:
        """Return the English sentence of `code`, filled in. Raises KeyError for a code or field that is not there."""
        reason = super().__new__(cls, _sentence(code, "en", params))
        reason.code, reason.params = code, params
        return reason

    def told(self, language: str, **other: Any) -> str:
        """Return the sentence in `language`; `other` fills in otherwise than was known when it was noted."""
        return _sentence(self.code, language, self.params | other)


def _sentence(code: str, language: str, params: dict[str, Any]) -> str:
    entry = catalogue.load("texts/lists")[code]
    text: str = entry["en" if language.startswith("en") else "zh"]
    return text.format_map(params)


class Faulty(Exception):
    """The file cannot be taken at all; `reason` says why and what to do."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Rejected:
    """One line that was not taken: the line its record begins on, the column at fault ('' for the line), why."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return (
            f"line {self.line}, {self.column}: {self.reason}"
            if self.column
            else f"line {self.line}: {self.reason}"
        )


class Unfit(Exception):
    """One line cannot be taken; `column` is the one at fault, `reason` says why."""

    def __init__(self, column: str, reason: str) -> None:
        self.column, self.reason = column, reason
        super().__init__(reason)
