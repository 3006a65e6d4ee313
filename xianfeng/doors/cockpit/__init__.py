"""The cockpit (驾驶舱): one map, boards, and the rows behind every number.

Pages read through four drawers and nothing else (docs/cockpit.md, "What pages read"): `scope.scope_for` (who sees
what), `filters.Filters` (what the address asks), `queries.board.board`, `queries.map`, `queries.lists` (the rows behind
a figure).
"""
