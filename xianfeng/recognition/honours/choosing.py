"""Who stands on which place of a round, read from its ranks and quotas; three statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import get_language

from xianfeng.foundation.people.models import Organisation
from xianfeng.foundation.places import queries as places
from xianfeng.foundation.places import tree
from xianfeng.recognition.honours import selection
from xianfeng.recognition.honours.models import Quota, Round
from xianfeng.recognition.honours.selection import Runner, Slice


@dataclass(frozen=True)
class Choice:
    """The runners by rank, the slice (quota) of each chosen one, and how many places of each slice stay empty."""

    runners: list[int]
    chosen: dict[int, int]
    short: dict[int, int]
    quotas: list[Quota] = field(default_factory=list)

    @property
    def short_places(self) -> int:
        """How many places stay empty in all."""
        return sum(self.short.values())

    def who_is_short(self) -> str:
        """Say which places stay empty: whose, and how many."""
        return "；".join(f"{name(one)} {self.short[one.pk]}" for one in self.quotas if one.pk in self.short)


def choose(row: Round) -> Choice:
    """Return the choice that ranks and quotas lead to; nothing is written."""
    quotas = _quotas(row)
    slices = [Slice(one.pk, one.organisation_id, one.area_id, one.places) for one in quotas]
    ranked = row.candidacies.filter(state__in=["admitted", "selected", "passed"]).exclude(rank=None)
    runners = [
        Runner(pk, organisation, frozenset(path))
        for pk, organisation, path in ranked.order_by("rank").values_list(
            "id", "pioneer__organisation_id", "pioneer__area__path"
        )
    ]
    chosen = selection.select(runners, slices)
    return Choice([one.id for one in runners], chosen, selection.short(chosen, slices), quotas)


def _quotas(row: Round) -> list[Quota]:
    found = row.quotas.select_related("organisation", "area").defer("area__boundary")
    return list(found.order_by("id"))


def short_words(row: Round, taken: Sequence[int | None]) -> str:
    """Say which places of a round stay empty when these are taken (a quota's id for each)."""
    quotas = _quotas(row)
    empty = {one.pk: one.places - list(taken).count(one.pk) for one in quotas}
    short = {pk: count for pk, count in empty.items() if count}
    return Choice([], {}, short, quotas).who_is_short()


def name(quota: Quota) -> str:
    """Say whose places a quota are."""
    language = get_language() or "zh-hans"
    said = [_organisation(quota.organisation, language)] if quota.organisation else []
    said += [places.full_name(tree.find(quota.area_id), language)] if quota.area_id else []
    return " · ".join(said) or ("everybody" if language.startswith("en") else "不限")


def _organisation(one: Organisation, language: str) -> str:
    return one.name_en if language.startswith("en") else one.name
