"""The SQL of counting, made from `columns`: facts from the engine's rows, sums from facts."""

from xianfeng.doors.cockpit.columns import COUNTED, CUTS, MARKS, NOW, STANDING, Mark

FACT = (
    "matter_id", "area_id", "path", "service_code", "category", "organisation_id", "pioneer_id", "cell", "state",
    "late", "raised_on", "taken_on", "taken_minutes", "done_on", "done_minutes", "closed_on", "rated_on", "stars",
    "listed_on", "benefit_on", "benefit_yuan", "jobs",
)  # fmt: skip
_FACTS = ", ".join(FACT)
CELL = ("cut", "area_id", "service_code", "category", "organisation_id", "day")
SPOT = ("raised", "waiting", "late", "in_hand")


def _minutes(later: str) -> str:
    """Return the whole minutes from the raising to `later`; none below nothing, where clocks were set."""
    return f"greatest(0, floor(extract(epoch FROM {later} - m.raised_at) / 60))::int"


def _day(instant: str) -> str:
    return f"({instant} AT TIME ZONE %(zone)s)::date"


def counted(*, only: bool) -> str:
    """Return the statement of facts as the engine's rows and the record say them; `only` those of %(ids)s.

    A claim that was returned freely is none. What was merged into another area counts there (%(was)s, %(now)s).
    """
    picked, mine = ("= ANY(%(ids)s)", "WHERE h.matter_id = ANY(%(ids)s)") if only else ("IS NOT NULL", "")
    return f"""
SELECT m.id AS matter_id, m.area_id, a.path, m.service_code, m.category,
    coalesce(p.organisation_id, m.charge_id, q.organisation_id, 0) AS organisation_id, hands.pioneer_id, m.cell,
    m.state,
    m.listed AND m.state IN ('raised', 'offered', 'open', 'taken', 'done') AS late,
    {_day("m.raised_at")} AS raised_on,
    {_day("hands.first_at")} AS taken_on, {_minutes("hands.first_at")} AS taken_minutes,
    CASE WHEN m.state IN ('done', 'closed') THEN {_day("hands.reported_at")} END AS done_on,
    CASE WHEN m.state IN ('done', 'closed') AND hands.reported_at IS NOT NULL
        THEN {_minutes("hands.reported_at")} END AS done_minutes,
    CASE WHEN m.state = 'closed' THEN {_day("m.closed_at")} END AS closed_on,
    {_day("stars.rated_at")} AS rated_on, stars.stars, {_day("lists.at")} AS listed_on,
    {_day("hands.verified_at")} AS benefit_on, hands.benefit_yuan, hands.jobs
FROM matters_matter m
LEFT JOIN unnest(%(was)s::bigint[], %(now)s::bigint[]) AS moved(was, now) ON moved.was = m.area_id
JOIN places_area a ON a.id = coalesce(moved.now, m.area_id)
LEFT JOIN (
    SELECT h.matter_id, min(h.claimed_at) FILTER (WHERE h.outcome <> 'returned') AS first_at,
        (array_agg(h.pioneer_id ORDER BY h.id DESC) FILTER (WHERE h.outcome <> 'returned'))[1] AS pioneer_id,
        (array_agg(h.reported_at ORDER BY h.id DESC) FILTER (WHERE h.outcome <> 'returned'))[1] AS reported_at,
        max(h.benefit_verified_at) FILTER (WHERE h.benefit_yuan IS NOT NULL) AS verified_at,
        sum(h.benefit_yuan) FILTER (WHERE h.benefit_verified_at IS NOT NULL)::bigint AS benefit_yuan,
        coalesce(sum(h.jobs) FILTER (WHERE h.benefit_verified_at IS NOT NULL), 0)::int AS jobs
    FROM matters_handling h {mine} GROUP BY h.matter_id
) hands ON hands.matter_id = m.id
LEFT JOIN people_pioneer p ON p.id = hands.pioneer_id
LEFT JOIN people_pioneer q ON q.id = m.offered_to_id
LEFT JOIN (
    SELECT DISTINCT ON (h.matter_id) h.matter_id, r.rated_at, r.skill + r.attitude + r.speed AS stars
    FROM matters_rating r JOIN matters_handling h ON h.id = r.handling_id {mine or "WHERE true"} AND r.voided_at IS NULL
    ORDER BY h.matter_id, r.id DESC
) stars ON stars.matter_id = m.id
LEFT JOIN (
    SELECT e.subject_id, max(e.at) AS at FROM record_entry e
    WHERE e.subject_kind = 'matter' AND e.subject_id {picked} AND e.code = 'matter.listed' GROUP BY e.subject_id
) lists ON lists.subject_id = m.id
WHERE m.id {picked}"""  # noqa: S608 - constants


def _lines(marks: tuple[Mark, ...]) -> str:
    """Return the marks as VALUES: a day, and the amount of each column."""
    return ",\n        ".join(
        f"({mark.day}, {', '.join(_amount(mark, name) for name in COUNTED)})" for mark in marks
    )


def _amount(mark: Mark, name: str) -> str:
    return f"coalesce({mark.adds[name]}, 0)" if name in mark.adds else "0"


_NAMES = ", ".join(COUNTED)
_SIGNED = ", ".join(f"sum(f.sign * v.{name})::bigint AS {name}" for name in COUNTED)
_ANY = " OR ".join(f"sum(f.sign * v.{name}) <> 0" for name in COUNTED)
_SUMS = ", ".join(f"sum(b.{name})::bigint AS {name}" for name in COUNTED)
_ANY_OF = " OR ".join(f"sum(b.{name}) <> 0" for name in COUNTED)


def marked(facts: str) -> str:
    """Return what `facts` (a relation with `sign`) add to each day, told apart by everything; nothing that is nil."""
    return f"""
SELECT f.path, f.service_code, f.category, f.organisation_id, v.day, {_SIGNED}
FROM {facts} f CROSS JOIN LATERAL (VALUES
        {_lines((*MARKS, STANDING))}
    ) AS v(day, {_NAMES})
WHERE v.day IS NOT NULL
GROUP BY 1, 2, 3, 4, 5 HAVING {_ANY}"""  # noqa: S608 - constants


def _cut_lines() -> str:
    return ", ".join(
        f"({cut.number}, '{cut.grain}', {cut.service}, {cut.category}, {cut.organisation}, {cut.deepest})"
        for cut in CUTS
    )


def summed(based: str) -> str:
    """Return the sums of every cut and level that `based` (of the shape of `marked`) comes to; nothing that is nil."""
    return f"""
SELECT c.cut, b.path[l.level] AS area_id, CASE WHEN c.service THEN b.service_code ELSE '*' END AS service_code,
    CASE WHEN c.category THEN b.category ELSE '*' END AS category,
    CASE WHEN c.organisation THEN b.organisation_id ELSE -1 END AS organisation_id,
    CASE WHEN c.grain = 'm' THEN date_trunc('month', b.day::timestamp)::date ELSE b.day END AS day, {_SUMS}
FROM {based} b
JOIN (VALUES {_cut_lines()}) AS c(cut, grain, service, category, organisation, deepest)
    ON (c.grain = 'n') = (b.day = {NOW})
CROSS JOIN LATERAL generate_series(1, least(c.deepest, cardinality(b.path))) AS l(level)
GROUP BY 1, 2, 3, 4, 5, 6 HAVING {_ANY_OF}"""  # noqa: S608 - constants


def added(sums: str) -> str:
    """Return the statement that adds `sums` to what is kept; rows are met in one order by everybody."""
    sets = ", ".join(f"{name} = r.{name} + excluded.{name}" for name in COUNTED)
    return f"""
INSERT INTO cockpit_rollup AS r ({", ".join(CELL)}, {_NAMES})
SELECT {", ".join(CELL)}, {_NAMES} FROM ({sums}) s ORDER BY 1, 2, 3, 4, 5, 6
ON CONFLICT ({", ".join(CELL)}) DO UPDATE SET {sets}"""  # noqa: S608 - constants


def spotted(facts: str) -> str:
    """Return what `facts` (with `sign`) add to the cells of the map."""
    amounts = {
        "raised": "CASE WHEN v.month IS NOT NULL THEN f.sign ELSE 0 END",
        **{
            name: f"CASE WHEN v.month IS NULL THEN f.sign * coalesce({STANDING.adds[name]}, 0) ELSE 0 END"
            for name in SPOT[1:]
        },
    }
    sums = ", ".join(f"sum({amounts[name]})::int AS {name}" for name in SPOT)
    some = " OR ".join(f"sum({amounts[name]}) <> 0" for name in SPOT)
    return f"""
SELECT f.area_id, f.cell, v.month, {sums}
FROM {facts} f CROSS JOIN LATERAL (VALUES (date_trunc('month', f.raised_on::timestamp)::date), (NULL::date)) AS v(month)
GROUP BY 1, 2, 3 HAVING {some}"""  # noqa: S608 - constants


def spots_added(spots: str) -> str:
    """Return the statement that adds `spots` to what is kept."""
    sets = ", ".join(f"{name} = r.{name} + excluded.{name}" for name in SPOT)
    return f"""
INSERT INTO cockpit_spot AS r (area_id, cell, month, {", ".join(SPOT)})
SELECT area_id, cell, month, {", ".join(SPOT)} FROM ({spots}) s ORDER BY 1, 2, 3
ON CONFLICT (month, area_id, cell) DO UPDATE SET {sets}"""  # noqa: S608 - constants


_SIGNS = "(SELECT 1 AS sign, n.* FROM fresh n UNION ALL SELECT -1, o.* FROM kept o)"

# What changed on days that were over: the day that counts differently now.
_CORRECTED = """
SELECT n.matter_id, c.what, c.day, n.path, n.organisation_id FROM fresh n JOIN kept o USING (matter_id)
CROSS JOIN LATERAL (VALUES
    ('rating', CASE WHEN (o.rated_on, o.stars) IS DISTINCT FROM (n.rated_on, n.stars) THEN o.rated_on END),
    ('benefit', CASE WHEN (o.benefit_on, o.benefit_yuan, o.jobs) IS DISTINCT FROM (n.benefit_on, n.benefit_yuan, n.jobs)
        THEN o.benefit_on END),
    ('area', CASE WHEN o.path <> n.path THEN o.raised_on END),
    ('kind', CASE WHEN (o.service_code, o.category) <> (n.service_code, n.category) THEN o.raised_on END),
    ('reopened', CASE WHEN n.closed_on IS DISTINCT FROM o.closed_on THEN o.closed_on END)
) AS c(what, day) WHERE c.day < %(today)s"""

APPLY = f"""
WITH fresh AS MATERIALIZED (SELECT {_FACTS} FROM ({counted(only=True)}) x),
kept AS MATERIALIZED (SELECT {_FACTS} FROM cockpit_fact WHERE matter_id = ANY(%(ids)s)),
put AS (
    INSERT INTO cockpit_fact AS f ({_FACTS}) SELECT {_FACTS} FROM fresh
    ON CONFLICT (matter_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in FACT[1:])}
    WHERE (f.*) IS DISTINCT FROM (excluded.*)
),
corrected AS (
    INSERT INTO cockpit_correction (matter_id, what, day, path, organisation_id, at, sequence)
    SELECT c.*, %(at)s, %(sequence)s FROM ({_CORRECTED}) c
),
spotted AS ({spots_added(spotted(_SIGNS))}),
based AS MATERIALIZED ({marked(_SIGNS)}),
added AS ({added(summed("based"))})
SELECT DISTINCT path[l] FROM based CROSS JOIN LATERAL generate_series(1, least(3, cardinality(path))) l"""  # noqa: S608 - constants
