"""Roles as data (catalogue/roles.toml): what a post is called, where it may stand, what its holder may do."""

from dataclasses import dataclass
from typing import Any

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refused

STAFF = ("city-staff", "organisation-staff")
DUTIES = frozenset({"collect", "file", "handle", "check", "lead"})


@dataclass(frozen=True)
class Role:
    """One role. `above`: the role asked where a post is vacant; `of`: what else a post of it names; see roles.toml."""

    code: str
    zh: str
    en: str
    levels: tuple[str, ...]
    may: frozenset[str]
    above: str = ""
    alone: bool = False
    of: str = ""
    sees: str = "own"
    by: str = ""

    def name(self, language: str) -> str:
        """Return the role's name in `language`."""
        return self.en if language.startswith("en") else self.zh


def every() -> dict[str, Role]:
    """Return all roles by code, in the catalogue's order. Raises ValueError where the data is not in order."""
    known = catalogue.known("roles")
    if _kept.get("known") is not known:
        _kept.update(known=known, roles=ordered(known))
    found: dict[str, Role] = _kept["roles"]
    return found


_kept: dict[str, Any] = {}  # worked out once for what the catalogue knows


def ordered(known: dict[str, Any]) -> dict[str, Role]:
    """Return the roles of these tables by code. Raises ValueError where a line upwards goes round, or leads nowhere."""
    found = {code: read(code, dict(entry)) for code, entry in known.items()}
    for code in found:
        _check_above(code, found)
    return found


def read(code: str, entry: dict[str, Any]) -> Role:
    """Return a role from its table. Raises ValueError, TypeError or KeyError where that does not fit."""
    levels, may = entry.pop("levels"), entry.pop("may")
    role = Role(code=code, levels=tuple(levels), may=frozenset(may), **entry)
    if role.may - DUTIES:
        raise ValueError(f"roles.{code}.may: {', '.join(sorted(role.may - DUTIES))} is nothing a post may do")
    return role


def _check_above(code: str, found: dict[str, Role]) -> None:
    seen, at = {code}, found[code].above
    while at:
        if at not in found:
            raise ValueError(f"roles.{code}.above: {at} is no role")
        if at in seen:
            raise ValueError(f"roles.{code}.above: goes round in a circle at {at}")
        seen.add(at)
        at = found[at].above


def find(code: str) -> Role:
    """Return a role. Raises Refused 'role-unknown'."""
    if code not in every():
        raise Refused("role-unknown", field="role")
    return every()[code]


def upwards(code: str) -> list[Role]:
    """Return the role and those above it, in the order in which they are asked."""
    line, at = [], find(code)
    while True:
        line.append(at)
        if not at.above:
            return line
        at = find(at.above)


def that_may(what: str) -> list[str]:
    """Return the codes of the roles whose holders may do `what`."""
    return [code for code, role in every().items() if what in role.may]


def with_view() -> list[str]:
    """Return the codes of the roles that see what is under way in their area; staff see by their scopes."""
    return [code for code, role in every().items() if role.sees == "area" and code not in STAFF]


def name(code: str, language: str) -> str:
    """Return a role's name, or its code where the catalogue has dropped it since."""
    return every()[code].name(language) if code in every() else code
