"""The feed: nearest first, without gaps, by the index made for it."""

import math
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, need, taken
from xianfeng.foundation.places import cells, city
from xianfeng.matters import nearest, queries
from xianfeng.matters.models import Matter

HERE = city.served()
ALL = {
    "service": "help-open", "skills": None, "area": None, "words": None, "numbers": None, "since": None, "limit": 20,
    "metres": -1.0, "id": 0,
}  # fmt: skip


def _metres(lat: float, lon: float) -> float:
    phi, psi = math.radians(HERE.lat), math.radians(lat)
    half = math.sin((psi - phi) / 2) ** 2
    half += math.cos(phi) * math.cos(psi) * math.sin(math.radians(lon - HERE.lon) / 2) ** 2
    return 2 * 6371008.8 * math.asin(math.sqrt(half))


def scattered(cast: Cast, count: int, *, spread: float, seed: int = 7) -> None:
    """Put `count` open needs around the city's middle, as bulk rows without a chain, up to `spread` degrees away."""
    pattern = need(cast.resident)
    dice = random.Random(seed)
    rows = []
    for number in range(count):
        lat, lon = HERE.lat + dice.uniform(-spread, spread), HERE.lon + dice.uniform(-spread, spread)
        values = {
            field.attname: getattr(pattern, field.attname)
            for field in Matter._meta.concrete_fields
            if field.attname not in {"id", "number", "lat", "lon", "cell"}
        }
        rows.append(
            Matter(number=f"scattered-{number}", lat=lat, lon=lon, cell=cells.cell(lat, lon), **values)
        )
    Matter.objects.bulk_create(rows, batch_size=5000)


@pytest.mark.parametrize("spread", [0.01, 0.1, 0.6])
def test_pages_of_the_feed_are_the_nearest_of_all_in_order_without_gaps(cast: Cast, spread: float) -> None:
    scattered(cast, 150, spread=spread)
    wanted = sorted((_metres(row.lat, row.lon), row.id) for row in Matter.objects.all())
    seen: list[tuple[float, int]] = []
    after = None
    while page := queries.open_near(HERE.lat, HERE.lon, after=after, limit=20):
        seen += [(near.metres or 0.0, near.id) for near in page]
        after = seen[-1]
    assert [row for _, row in seen] == [row for _, row in wanted]
    assert [metres for metres, _ in seen] == pytest.approx([metres for metres, _ in wanted], abs=0.01)


def test_the_feed_is_narrowed_by_skill_area_and_words(cast: Cast) -> None:
    lamp, law = need(cast.resident), need(cast.resident, "合同看不懂", category="law")
    taken(cast)

    def found(**given: object) -> list[int]:
        return [near.id for near in queries.open_near(HERE.lat, HERE.lon, **given)]  # type: ignore[arg-type]

    assert found() == [lamp.id, law.id]
    assert found(skills=["law"]) == [law.id]
    assert found(words="灯坏") == [lamp.id]
    assert found(words="100%_\\") == []
    assert found(area_id=cast.here.id) == [lamp.id, law.id]
    assert found(area_id=cast.there.id) == []
    assert found(service="help-booking") == []


def test_needs_like_one_are_of_its_category_first_and_never_itself(cast: Cast) -> None:
    first = need(cast.resident)
    far_like, near_other = need(cast.resident, north=0.05), need(cast.resident, "合同", category="law")
    assert [near.id for near in queries.similar_near(first)] == [far_like.id, near_other.id]


def test_counts_of_today_are_true(cast: Cast) -> None:
    matter = taken(cast)
    need(cast.resident)
    counts = queries.today_counts(cast.city.id, matter.raised_at)
    assert counts == {"raised": 2, "taken": 1, "closed": 0}
    assert queries.today_counts(cast.there.id, matter.raised_at)["raised"] == 0


@pytest.mark.slow
def test_the_feed_reads_by_the_index_of_open_needs_at_six_thousand(cast: Cast) -> None:
    scattered(cast, 6_000, spread=0.2)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE matters_matter")
    with CaptureQueriesContext(connection) as asked:
        assert len(queries.open_near(HERE.lat, HERE.lon)) == 20
    assert len(asked) <= 2
    with connection.cursor() as cursor:
        text, given = nearest.statement(HERE.lat, HERE.lon, ALL, wide=False)
        cursor.execute(f"EXPLAIN {text}", given)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "matter_open_near" in plan
