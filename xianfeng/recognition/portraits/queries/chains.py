"""The chains of benefit that a pioneer's achievements belong to, all at once."""

from dataclasses import dataclass
from itertools import groupby

from django.db import connection

# As showcase.queries.achievements.chain_of counts it, for every published achievement of one pioneer at once.
_CHAINS = """
WITH RECURSIVE up AS (
    SELECT id, grew_from_id FROM showcase_achievement WHERE pioneer_id = %(pioneer)s AND state = 'published'
    UNION SELECT a.id, a.grew_from_id FROM showcase_achievement a JOIN up ON a.id = up.grew_from_id
), down AS (
    SELECT a.id, a.id AS root, 0 AS depth, ARRAY[a.id] AS line
    FROM showcase_achievement a JOIN up ON up.id = a.id WHERE a.grew_from_id IS NULL
    UNION ALL SELECT a.id, down.root, down.depth + 1, down.line || a.id
    FROM showcase_achievement a JOIN down ON a.grew_from_id = down.id WHERE NOT a.id = ANY(down.line)
)
SELECT down.root, a.id, a.title, a.kind, p.name, p.id = %(pioneer)s, down.depth,
    coalesce(sum(b.yuan) FILTER (WHERE b.kind = 'income' AND b.beneficiary IN ('firm', 'person')), 0)::bigint,
    coalesce(sum(b.jobs) FILTER (WHERE b.kind = 'jobs'), 0)::int
FROM down JOIN showcase_achievement a ON a.id = down.id JOIN people_pioneer p ON p.id = a.pioneer_id
LEFT JOIN showcase_benefit b ON b.achievement_id = a.id AND b.state = 'verified'
WHERE a.state = 'published'
GROUP BY down.root, a.id, a.title, a.kind, p.name, p.id, down.depth, down.line ORDER BY down.line LIMIT %(most)s"""


@dataclass(frozen=True)
class Link:
    """One achievement of a chain: `depth` steps from its root, what it brought itself (verified income, jobs)."""

    root: int
    id: int
    title: str
    kind: str
    pioneer: str
    own: bool
    depth: int
    yuan: int
    jobs: int


@dataclass(frozen=True)
class Chain:
    """A chain from its root down, and what it brought along its whole length."""

    links: list[Link]

    @property
    def yuan(self) -> int:
        """Verified income raised, in yuan."""
        return sum(link.yuan for link in self.links)

    @property
    def jobs(self) -> int:
        """Verified jobs."""
        return sum(link.jobs for link in self.links)


def chains_of(pioneer_id: int, most: int) -> list[Chain]:
    """Return the chains, what brought most first; `most` achievements are read. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_CHAINS, {"pioneer": pioneer_id, "most": most})
        rows = [Link(*row) for row in cursor.fetchall()]
    found = [Chain(list(links)) for _, links in groupby(rows, key=lambda link: link.root)]
    return sorted(found, key=lambda one: (-one.yuan, -one.jobs, -len(one.links), one.links[0].root))
