"""Lines become letters: cleaned, timed, cut to what a need holds; or rejected with the reason."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Any
from zoneinfo import ZoneInfo

from xianfeng.foundation.kernel import catalogue, texts
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.kernel.tables import opening, records
from xianfeng.foundation.kernel.tables.faults import Faulty, Rejected, Unfit
from xianfeng.foundation.kernel.tables.opening import Source
from xianfeng.matters.importing import header
from xianfeng.matters.importing.header import Header

_EARLIEST_YEAR = 1970
_FORMS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
)


@dataclass(frozen=True)
class Letter:
    """One message, fit to become a need. `key` knows it again, `user` its writer; the point is as the file has it."""

    line: int
    key: str
    user: str
    title: str
    text: str
    raised_at: datetime
    category: str
    point: tuple[float, float] | None


@dataclass(frozen=True)
class Reading:
    """How a file is read: its name in our keys, the zone of its times, the separator ('' finds it), this moment."""

    source: str
    zone: ZoneInfo
    now: datetime
    separator: str = ""


def read(source: Source, reading: Reading) -> Iterator[Letter | Rejected]:
    """Yield every line's letter or the reason why it is none; blank lines are passed over. Raises Faulty."""
    seen: dict[str, int] = {}
    with opening.text_of(source) as file:
        lines = (line.replace("\0", "") for line in file)
        first = next((line for line in lines if line.strip()), None)
        if first is None:
            raise Faulty(f"{source.path.name} has no lines")
        head = header.read(first, reading.separator)
        for line, fields in islice(records.read(chain([first], lines), head.separator), 1, None):
            yield _letter(line, fields, head, reading, seen)


def _letter(
    line: int, fields: list[str] | str, head: Header, reading: Reading, seen: dict[str, int]
) -> Letter | Rejected:
    try:
        letter = _made(line, _columns(fields, head), reading)
        _refuse_again(letter, seen)
    except Unfit as unfit:
        return Rejected(line, unfit.column, unfit.reason)
    return letter


def _columns(fields: list[str] | str, head: Header) -> dict[str, str]:
    if isinstance(fields, str):
        raise Unfit("", fields)
    if len(fields) != head.width:
        raise Unfit("", f"it has {len(fields)} fields, the first line has {head.width}")
    return {column: head.field(fields, column) for column in head.places}


def _refuse_again(letter: Letter, seen: dict[str, int]) -> None:
    before = seen.setdefault(letter.key, letter.line)
    if before != letter.line:
        raise Unfit("id", f"the same letter stands in line {before}")


def _made(line: int, given: dict[str, str], reading: Reading) -> Letter:
    title, text = _words(given)
    raised_at = _time(given["time"], reading) if "time" in given else reading.now
    own = given.get("id") or _digest(given)
    return Letter(
        line=line,
        key=_key(f"{reading.source}:{own}"),
        user=given.get("user") or f"letter {own}",
        title=title,
        text=text,
        raised_at=raised_at,
        category=_category(given.get("category", "")),
        point=_point(given),
    )


def _digest(given: dict[str, str]) -> str:
    """Return what tells a letter without a number from others: its writer, time and words."""
    whole = "\x1f".join(given.get(column, "") for column in ("user", "time", "title", "text"))
    return hashlib.sha256(whole.encode()).hexdigest()[:24]


def _key(whole: str) -> str:
    limit = _limits()["source_key_length"]
    return (
        whole
        if len(whole) <= limit
        else whole[: limit - 25] + "#" + hashlib.sha256(whole.encode()).hexdigest()[:24]
    )


def _limits() -> dict[str, Any]:
    limits: dict[str, Any] = catalogue.load("importing")["limits"]
    return limits


def _words(given: dict[str, str]) -> tuple[str, str]:
    """Return title and text: a title too long is cut and stands whole in the text; a missing one is its beginning."""
    limits = _limits()
    title = _clean("title", " ".join(given.get("title", "").split()), limits["text_length"])
    text = _clean("text", given.get("text", ""), limits["text_length"])
    if not title and not text:
        raise Unfit("title" if "title" in given else "text", "neither a title nor a text")
    if not title:
        title = " ".join(text.split())
    elif len(title) > limits["title_length"]:
        text = f"{title}\n{text}".strip()
    return _cut(title, limits["title_length"]), text


def _clean(column: str, words: str, limit: int) -> str:
    try:
        return texts.clean_text(words, field=column, limit=limit, required=False)
    except Refused as refused:
        length = refused.refusal.params.get("length")
        raise Unfit(column, f"{length} characters; at most {limit} are taken") from None


def _cut(words: str, limit: int) -> str:
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def _time(words: str, reading: Reading) -> datetime:
    """Return the instant written; without an offset it is the time of the reading's zone."""
    found = _instant(words)
    if found is None:
        raise Unfit("time", f"{words[:30]!r} is no time like 2026-02-28 11:25:05" if words else "is blank")
    if found.year < _EARLIEST_YEAR:
        raise Unfit("time", f"{words[:30]} lies too far back")
    at = _in_utc(found, reading.zone) if found.year <= reading.now.year + 1 else None
    if at is None or at > reading.now + timedelta(minutes=_limits()["future_minutes"]):
        raise Unfit("time", f"{words[:30]} lies in the future")
    return min(at, reading.now)


def _in_utc(found: datetime, zone: ZoneInfo) -> datetime:
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _instant(words: str) -> datetime | None:
    plain = re.sub(r"[年月/]", "-", words.strip())
    plain = re.sub(r"日\s*", " ", plain).replace("时", ":").replace("分", ":").replace("秒", "").strip(" :")
    plain = re.sub(r"(?<!\d)(\d)(?=[-:\s]|$)", r"0\1", plain)
    try:
        return datetime.fromisoformat(plain)
    except (ValueError, OverflowError):
        pass
    for form in _FORMS:
        try:
            return datetime.strptime(plain, form)  # noqa: DTZ007 - the caller gives it its zone
        except (ValueError, OverflowError):
            continue
    return None


def _category(words: str) -> str:
    """Return the category named by code or in either language; '' leaves it to the words of the need."""
    wanted = words.lower()
    for code, entry in catalogue.load("skills").items():
        if wanted and wanted in {code, entry["zh"], entry["en"].lower()}:
            return str(code)
    return ""


def _point(given: dict[str, str]) -> tuple[float, float] | None:
    if not (given.get("lat") or given.get("lon")):
        return None
    try:
        return float(given["lat"]), float(given["lon"])
    except (KeyError, ValueError):
        raise Unfit("lat", "latitude and longitude are degrees, both or neither") from None
