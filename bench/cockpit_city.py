"""Ten million matters of three years for the cockpit: their facts, and the sums a city of that size keeps.

Facts are written for every matter, matters themselves for those that may still wait (the newest two of a hundred): a
list reads a page of them by their ids. The sums are not added up from the facts, which takes longer than a benchmark
may: as many rows as such a city comes to are written, with amounts drawn for them.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection

from bench import city as building
from bench.city import City
from xianfeng.doors.cockpit import columns, steps
from xianfeng.doors.cockpit.columns import COUNTED, CUTS, Cut
from xianfeng.doors.cockpit.statements import FACT
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Post
from xianfeng.foundation.places import cells, city, tree

DAYS = 3 * 365
PEOPLE = City(needs=1_000, pioneers=5_000, residents=1_000)
LEADER = PEOPLE.city_staff + 1  # by id; staff of the city who lead it too
Say = Callable[[str], None]


def build(matters: int, say: Say) -> None:
    """Fill an empty database: people, then matters, facts and sums."""
    building.build(PEOPLE)
    Post.objects.create(person_id=LEADER, role="leader", area=tree.current().root, since=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute("SET session_replication_role = replica")  # rows name only what was made before them
        _places(cursor)
        given = {"first": PEOPLE.needs, "matters": matters, "days": DAYS, "today": steps.today()}
        _without_indexes(cursor, "matters_matter", _MATTERS, given, back=False)
        say("matters that may wait")
        _without_indexes(cursor, "cockpit_fact", _FACTS, given, back=True)
        say(f"{matters:,} facts")
        rows = _sums(cursor, given)
        say(f"{rows:,} sums")
        cursor.execute(_SPOTS, given)
        cursor.execute(_TALLY, [columns.bounds()])
        cursor.execute("SELECT setval('matters_matter_id_seq', %s)", [PEOPLE.needs + matters])
        for table in ("matters_matter", "cockpit_fact", "cockpit_rollup", "cockpit_spot"):
            cursor.execute(f"VACUUM (ANALYZE) {table}")
        cursor.execute("CHECKPOINT")


def _places(cursor: Any) -> None:
    middle = city.served()
    around = cells.disk(middle.lat, middle.lon, 19)
    cursor.execute(
        """CREATE TEMP TABLE here AS SELECT row_number() OVER (ORDER BY code) - 1 AS n, id, path,
        (%s::bigint[])[1 + row_number() OVER (ORDER BY code) %% %s] AS cell
        FROM places_area WHERE level = 'village'""",
        [around, len(around)],
    )
    cursor.execute("""CREATE TEMP TABLE those AS
        SELECT row_number() OVER (ORDER BY id) - 1 AS n, id, area_id FROM people_organisation""")
    cursor.execute("""CREATE TEMP TABLE kinds AS SELECT n - 1 AS n, code FROM unnest(ARRAY['help-open',
    'help-booking',
        'adoption', 'feedback', 'street-light', 'road-damage', 'rubbish',
    'flyposting']) WITH ORDINALITY AS k(code, n)""")
    cursor.execute("""CREATE TEMP TABLE skills AS SELECT n - 1 AS n, code FROM unnest(%s::text[])
        WITH ORDINALITY AS k(code, n)""", [_skills()])  # fmt: skip
    for table in ("here", "those", "kinds", "skills"):
        cursor.execute(f"ANALYZE {table}")


def _skills() -> list[str]:
    from xianfeng.foundation.kernel import catalogue

    return list(catalogue.load("skills"))


def _without_indexes(cursor: Any, table: str, statement: str, given: dict[str, Any], *, back: bool) -> None:
    """Write many rows without the indexes that only order them; they come `back` where they are read."""
    cursor.execute(
        """SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
        WHERE i.indrelid = %s::regclass AND NOT i.indisprimary AND NOT i.indisunique""",
        [table],
    )
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    cursor.execute(statement, given)
    for _, text in (
        indexes if back else [one for one in indexes if "due_at)" in one[1] or "area_id" in one[1]]
    ):
        cursor.execute(text)


# The same dice for a matter and its fact: where, what kind, who, how far it has come.
_DRAWN = """
SELECT g.n, v.id AS area_id, v.path, v.cell, k.code AS service, s.code AS skill, o.id AS organisation,
    1 + g.n * 7 %% 5000 AS pioneer,
    %(today)s::date - ((%(matters)s - g.n) * %(days)s / %(matters)s)::int AS day,
    g.n > %(matters)s * 0.98 AS young, (g.n %% 10)::int AS die
FROM generate_series(1, %(matters)s::bigint) AS g(n)
JOIN here v ON v.n = (g.n * 7919) %% 1301 JOIN kinds k ON k.n = (g.n * 31) %% 8 JOIN skills s ON s.n = (g.n * 17) %% 16
JOIN those o ON o.n = (g.n * 13) %% 84"""
_STATE = """CASE WHEN d.young
    THEN (ARRAY['open','open','open','open','open','taken','taken','taken','done','closed'])[1 + d.die]
    WHEN d.die = 9 THEN 'withdrawn' ELSE 'closed' END"""
_MATTERS = f"""
INSERT INTO matters_matter (id, number, service_code, service_version, state, title, text, category, lat,
    lon, cell, area_id,
    outside, requester_id, wanted, raised_at, entered_at, due_at, taken_minutes, taken_by_id, taken_at,
    closed_at, listed,
    released_count, disputed_count, reopened_count, extended_count, photo_count, record_head, record_length)
SELECT %(first)s + d.n, '000102-' || d.n, d.service, 1, {_STATE}, '楼道灯坏了 ' || d.n, '', d.skill, 30.8, 120.1,
    d.cell, d.area_id,
    false, 5001 + d.n %% 1000, 'days', d.day + interval '10 hours', d.day + interval '10 hours',
    CASE WHEN d.young AND d.die < 9 THEN now() + d.n %% 9999 * interval '1 minute' END, 4320,
    CASE WHEN {_STATE} IN ('taken', 'done', 'closed') THEN d.pioneer END, d.day + interval '11 hours',
    CASE WHEN {_STATE} = 'closed' THEN d.day + interval '30 hours' END, d.young AND d.n %% 50 = 0, 0, 0, 0,
    0, 0, ''::bytea, 0
FROM ({_DRAWN}) d WHERE d.young"""  # noqa: S608 - our own words
_FACTS = f"""
INSERT INTO cockpit_fact ({", ".join(FACT)})
SELECT %(first)s + d.n, d.area_id, d.path, d.service, d.skill, CASE WHEN d.state IN ('taken', 'done',
    'closed') THEN d.organisation ELSE 0 END,
    CASE WHEN d.state IN ('taken', 'done', 'closed') THEN d.pioneer END, d.cell, d.state,
    d.young AND d.n %% 50 = 0 AND d.state <> 'closed', d.day,
    CASE WHEN d.state IN ('taken', 'done', 'closed') THEN d.day END, CASE WHEN d.state IN ('taken', 'done',
    'closed') THEN (d.n %% 700)::int END,
    CASE WHEN d.state IN ('done', 'closed') THEN d.day END, CASE WHEN d.state IN ('done', 'closed')
    THEN (d.n %% 5000)::int END,
    CASE WHEN d.state = 'closed' THEN d.day + 1 END, CASE WHEN d.state = 'closed' AND d.die < 8 THEN d.day + 1 END,
    CASE WHEN d.state = 'closed' AND d.die < 8 THEN 9 + d.n %% 7 END, CASE WHEN d.n %% 50 = 0 THEN d.day + 1 END,
    CASE WHEN d.state = 'closed' AND d.die = 1 THEN d.day + 1 END,
    CASE WHEN d.state = 'closed' AND d.die = 1 THEN d.n %% 9000 END,
    CASE WHEN d.state = 'closed' AND d.die = 1 THEN 0 END
FROM (SELECT d.*, {_STATE} AS state FROM ({_DRAWN}) d) d"""  # noqa: S608 - our own words
_SPOTS = """INSERT INTO cockpit_spot (area_id, cell, month, raised, waiting, late, in_hand)
SELECT v.id, v.cell, m.month, 213, CASE WHEN m.month IS NULL THEN 80 ELSE 0 END, 2, 40 FROM here v CROSS JOIN (
    SELECT (date_trunc('month',
    %(today)s::date) - n * interval '1 month')::date AS month FROM generate_series(0, 35) n
    UNION ALL SELECT NULL) m"""
_TALLY = """INSERT INTO cockpit_tally (id, sequence, at, events, built_at, area_version, bounds)
VALUES (1, 1, now(), 0, now(), -1, %s)"""


def _sums(cursor: Any, given: dict[str, Any]) -> int:
    """Write the rows of every cut; where all is told apart a town has two of five combinations in a month."""
    cursor.execute(
        """SELECT c.conname FROM pg_constraint c WHERE c.conrelid = 'cockpit_rollup'::regclass AND c.contype = 'u'"""
    )
    (name,) = cursor.fetchone()
    cursor.execute(f"ALTER TABLE cockpit_rollup DROP CONSTRAINT {name}")
    rows = 0
    for cut in CUTS:
        cursor.execute(_cut(cut), given)
        rows += cursor.rowcount
    key = "cut, area_id, service_code, category, organisation_id, day"
    cursor.execute(f"ALTER TABLE cockpit_rollup ADD CONSTRAINT {name} UNIQUE ({key})")
    return rows


_LEVEL = "CASE a.level WHEN 'city' THEN 1 WHEN 'county' THEN 2 WHEN 'town' THEN 3 WHEN 'village' THEN 4 END"
_WHEN = {
    "d": "SELECT %(today)s::date - n AS day FROM generate_series(0, %(days)s) n",
    "m": "SELECT (date_trunc('month', %(today)s::date) - n * interval '1 month')::date AS day "
    "FROM generate_series(0, 35) n",
    "n": "SELECT DATE '0001-01-01' AS day",
}


def _cut(cut: Cut) -> str:
    amounts = ", ".join(
        f"1 + abs(a.id + (t.day::date - DATE '2000-01-01')) %% {3 + number}"
        for number, _ in enumerate(COUNTED)
    )
    service = "JOIN kinds k ON true" if cut.service else "CROSS JOIN (SELECT '*' AS code) k"
    skill = "JOIN skills s ON true" if cut.category else "CROSS JOIN (SELECT '*' AS code) s"
    # a town's matters are taken by those of the city and of its county; a city's by all
    local = "o.area_id = ANY(a.path) OR a.level = 'city'"
    organisation = f"JOIN those o ON {local}" if cut.organisation else "CROSS JOIN (SELECT -1 AS id) o"
    thin = (
        "AND hashint8(a.id * 31 + hashtext(k.code || s.code) + o.id * 7) %% 5 < 2"
        if cut.number % 8 == 7
        else ""
    )
    return f"""
INSERT INTO cockpit_rollup (cut, area_id, service_code, category, organisation_id, day, {", ".join(COUNTED)})
SELECT {cut.number}, a.id, k.code, s.code, o.id, t.day, {amounts}
FROM places_area a {service} {skill} {organisation} CROSS JOIN ({_WHEN[cut.grain]}) t
WHERE {_LEVEL} <= {cut.deepest} {thin}"""  # noqa: S608 - our own words
