"""One round in a process of its own: python -m bench.shoot (http|raw) KIND JSON; prints what was measured as JSON."""

import json
import sys
from dataclasses import asdict
from typing import Any

import django


def main(way: str, kind: str, given: dict[str, Any]) -> None:
    """Measure one round."""
    django.setup()
    from bench import http, plan, raw
    from bench.city import City

    city = City(**given["city"])
    if way == "http":
        found = http.run(
            given["port"], given["connections"], given["seconds"], plan.requests(kind, city, given["first"])
        )
    else:
        wanted = plan.statements(kind, city, given["first"])
        found = raw.run(given["url"], given["connections"], given["seconds"], wanted, given["count"])
    sys.stdout.write(json.dumps(asdict(found)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
