"""What is typed when a need ends: the report of the taker, the stars of the requester."""

from collections.abc import Mapping

from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.matters.operations.handling import Report
from xianfeng.matters.operations.rating import Stars


def report(typed: Mapping[str, str]) -> Report:
    """Return the report as typed. Raises Refused 'benefit-invalid' naming the field."""
    return Report(
        text=typed.get("report", ""), helpers=typed.get("helpers", ""),
        benefit_yuan=_whole(typed, "benefit_yuan"), jobs=_whole(typed, "jobs"),
        benefit_kind=typed.get("benefit_kind") or "income",
    )  # fmt: skip


def _whole(typed: Mapping[str, str], name: str) -> int | None:
    """Return a whole number, with or without thousands marks; None where nothing was typed."""
    plain = typed.get(name, "").strip().replace(",", "").replace("，", "")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) < 16):
        raise Refused("benefit-invalid", field=name)
    return int(plain)


def stars(typed: Mapping[str, str]) -> Stars:
    """Return the stars as given; what was not given is 0, which the operation refuses naming the field."""
    given = {name: typed.get(name, "") for name in ("skill", "attitude", "speed")}
    numbers = {name: int(value) if value in set("12345") else 0 for name, value in given.items()}
    return Stars(**numbers, text=typed.get("text", ""), benefit_confirmed=typed.get("benefit") == "yes")
