"""Lines of text become records of fields, each with the line it begins on."""

import csv
from collections.abc import Iterator

from xianfeng.foundation.kernel.tables.faults import Reason

_FIELD_BYTES = 1 << 20


def read(lines: Iterator[str], separator: str, *, after: int = 0) -> Iterator[tuple[int, list[str] | str]]:
    """Yield the line each record begins on with its fields, or with what is wrong with its quotes; blank ones go.

    `after` lines of the file stand before `lines`.
    """
    csv.field_size_limit(_FIELD_BYTES)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        begins = reader.line_num + 1 + after
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            until = reader.line_num + after
            code = "quotes-until" if until > begins else "quotes"
            yield begins, Reason(code, error=str(error), until=until)
            continue
        if any(field.strip() for field in fields):
            yield begins, fields
