"""What can be wrong with a file, or with one line of it."""

from dataclasses import dataclass


class Faulty(Exception):
    """The file cannot be taken at all; the message says why and what to do."""


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
    """One line cannot be taken; `column` is the one at fault."""

    def __init__(self, column: str, reason: str) -> None:
        self.column = column
        super().__init__(reason)
