"""Handing over on the desk: out of one queue, into the other's, with the reason in both lives."""

from django.test import Client
from django.urls import reverse

from tests.cast import Cast, need
from tests.doors.desk.conftest import Enter
from tests.matters.watching import watching
from xianfeng.matters.models import Matter


def raised(cast: Cast) -> Matter:
    """Return a need that waits for a decision of staff."""
    matter = need(cast.resident, "转一转")
    Matter.objects.filter(pk=matter.pk).update(state="raised")
    return matter


def titles(client: Client, name: str) -> list[str]:
    return [row.title for row in client.get(reverse(f"desk:{name}")).context["rows"]]


def given(cast: Cast) -> dict[str, str]:
    return {"organisation": str(cast.other_organisation.pk), "words": "那边的人更懂"}


def test_it_leaves_one_queue_and_stands_in_the_others(cast: Cast, staff: Client, enter: Enter) -> None:
    matter, there = raised(cast), enter(cast.other_staff)
    assert (titles(staff, "queue"), titles(there, "queue")) == (["转一转"], [])
    answer = staff.post(reverse("desk:transfer", args=[matter.number]), given(cast))
    assert answer["Location"] == reverse("desk:matter", args=[matter.number])
    assert (titles(staff, "queue"), titles(there, "queue")) == ([], ["转一转"])
    assert (titles(staff, "matters"), titles(there, "matters")) == (["转一转"], ["转一转"])
    assert titles(enter(cast.city_staff), "queue") == ["转一转"]
    assert there.get(reverse("desk:queue")).context["desk"].counts["decide"] == 1
    for client in (staff, there):
        page = client.get(reverse("desk:matter", args=[matter.number])).content.decode()
        assert f"{cast.other_organisation.name}：那边的人更懂" in page
        assert "归谁管" in page


def test_who_got_it_decides_it(cast: Cast, staff: Client, enter: Enter) -> None:
    matter = raised(cast)
    staff.post(reverse("desk:transfer", args=[matter.number]), given(cast))
    enter(cast.other_staff).post(reverse("desk:move", args=[matter.number, "file"]))
    matter.refresh_from_db()
    assert matter.state == "open"


def test_the_form_offers_only_organisations_that_somebody_works_for(cast: Cast, staff: Client) -> None:
    page = staff.get(reverse("desk:transfer", args=[raised(cast).number]))
    offered = [code for code, _ in page.context["organisations"]]
    assert offered == [str(cast.organisation.pk), str(cast.other_organisation.pk)]


def test_what_is_missing_is_said_at_its_field_and_nothing_moves(cast: Cast, staff: Client) -> None:
    matter = raised(cast)
    with watching() as seen:
        no_words = staff.post(reverse("desk:transfer", args=[matter.number]), {**given(cast), "words": " "})
        nowhere = staff.post(reverse("desk:transfer", args=[matter.number]), {"words": "x"})
    assert (no_words.status_code, list(no_words.context["errors"])) == (422, ["words"])
    assert (nowhere.status_code, list(nowhere.context["errors"])) == (422, ["organisation"])
    assert seen.nothing()
