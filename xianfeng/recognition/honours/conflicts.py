"""Who may not score whom: the same person, the same collective, or one rated what the other did. One statement."""

from django.db import connection

_FOUND = """
SELECT DISTINCT ON (c.id, v.id) c.id, v.id, x.kind
FROM honours_candidacy c JOIN people_pioneer p ON p.id = c.pioneer_id
JOIN honours_reviewer v ON v.round_id = c.round_id AND v.left_at IS NULL
CROSS JOIN LATERAL (
    SELECT 'own' AS kind, 1 AS weight WHERE v.person_id IN (p.spokesperson_id, c.declared_by_id)
    UNION ALL SELECT 'collective', 2 WHERE v.person_id = ANY(p.kin)
    UNION ALL SELECT 'rated', 3 WHERE EXISTS (
        SELECT FROM matters_rating r JOIN matters_handling h ON h.id = r.handling_id
        JOIN matters_matter m ON m.id = h.matter_id
        WHERE r.pioneer_id = p.id AND m.requester_id = v.person_id)
    UNION ALL SELECT 'rated', 3 WHERE EXISTS (
        SELECT FROM people_pioneer q JOIN matters_rating r ON r.pioneer_id = q.id
        JOIN matters_handling h ON h.id = r.handling_id JOIN matters_matter m ON m.id = h.matter_id
        WHERE q.spokesperson_id = v.person_id AND m.requester_id = p.spokesperson_id)
) x
WHERE c.round_id = %(round)s AND c.state IN ('declared', 'admitted')
    AND NOT EXISTS (SELECT FROM honours_conflict k WHERE k.candidacy_id = c.id AND k.reviewer_id = v.id)
ORDER BY c.id, v.id, x.weight"""


def found(round_id: int) -> list[tuple[int, int, str]]:
    """Return (candidacy, reviewer, kind) of every conflict of a round that is not kept yet."""
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, {"round": round_id})
        return list(cursor.fetchall())
