"""A ring of raters as staff see it: what the accounts did, in sentences with numbers; who they rated; which needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xianfeng.foundation.people.models import Pioneer
from xianfeng.matters.models import Rating
from xianfeng.recognition.merit.models import Ring

_ORDERS_SHOWN = 8


@dataclass(frozen=True)
class Seen:
    """One ring: sentences of evidence, its pioneers, the first of its ratings, and how many more there are."""

    sentences: list[str]
    pioneers: list[Pioneer]
    ratings: list[Rating]
    more: int


def seen(found: Sequence[Ring]) -> list[Seen]:
    """Return the rings for a page; two statements, however many rings."""
    pioneers = Pioneer.objects.in_bulk({one for ring in found for one in ring.pioneers})
    wanted = [order for ring in found for order in ring.orders[:_ORDERS_SHOWN]]
    rows = Rating.objects.filter(handling_id__in=wanted).select_related("handling__matter", "pioneer")
    ratings = {row.handling_id: row for row in rows}
    return [
        Seen(
            _sentences(ring),
            [pioneers[one] for one in ring.pioneers if one in pioneers],
            [ratings[order] for order in ring.orders[:_ORDERS_SHOWN] if order in ratings],
            max(0, len(ring.orders) - _ORDERS_SHOWN),
        )
        for ring in found
    ]


def _sentences(ring: Ring) -> list[str]:
    facts = ring.facts
    given = {
        "accounts": len(ring.accounts), "pioneers": len(ring.pioneers), "orders": facts["orders"],
        "within": facts["within"], "five": facts["five"], "verified": facts["verified"],
        "usual": facts["orders"] * facts["usual"], "percent": 100 * facts["weight"],
    }  # fmt: skip
    return [
        _("这 %(accounts)d 个账号，共同给这 %(pioneers)d 位先锋打分，比同村同厂常见的多。") % given,
        _("他们一共打了 %(orders)d 次，%(within)d 次给了这几位，其中 %(five)d 次平均五星。") % given,
        _("效益核实过 %(verified)d 次，按同类求助的常例，该有 %(usual).0f 次左右。") % given,
        _("这些打分现在平均按百分之 %(percent).0f 算进指数。是不是作假，请您看了再定。") % given,
    ]
