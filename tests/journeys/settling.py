"""Raises needs and settles them through the operations, as people would: python -m tests.journeys.settling N.

Prints how many were settled. Stands in the house's database, which DATABASE_URL names.
"""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xianfeng.config.settings")


def settle(count: int) -> int:
    """Raise `count` needs all over the city, have each taken, done and rated; return how many ended."""
    from xianfeng.foundation.people.models import Person, Pioneer
    from xianfeng.matters.operations.claim import claim
    from xianfeng.matters.operations.handling import Report, report_done
    from xianfeng.matters.operations.raising import Need, raise_matter
    from xianfeng.matters.operations.rating import Stars, rate

    free = Pioneer.objects.filter(kind="individual", suspended_at=None, held=0).select_related("spokesperson")
    pioneers = list(free.order_by("id")[: max(1, count // 2)])
    acting = Pioneer.objects.values("spokesperson_id")
    residents = list(Person.objects.exclude(pk__in=acting).exclude(name="").order_by("id")[:60])
    for number in range(count):
        pioneer, by = pioneers[number % len(pioneers)], residents[number % len(residents)]
        matter = raise_matter(Need(f"第 {number} 件小事", pioneer.lat, pioneer.lon, "wgs84"), by=by)
        claim(matter.number, by=pioneer.spokesperson)
        report_done(matter.number, Report("办好了"), by=pioneer.spokesperson)
        rate(matter.number, Stars(5, 5, 4), by=by)
    return count


if __name__ == "__main__":
    import django

    django.setup()
    print(settle(int(sys.argv[1])))
