"""Services on the desk: edited as a draft with its check, published as a new version; for staff of the city alone."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast, need
from tests.doors.desk.conftest import Enter
from tests.matters.watching import refused, watching
from xianfeng.matters import outside, services
from xianfeng.matters.models import Matter, Service
from xianfeng.matters.systems import drafting
from xianfeng.matters.systems.models import Draft, SystemVersion

RUBBISH: dict[str, Any] = {"service": "rubbish", "answers": {"kinds": ["rubble"], "amount": ["bag"]}}


@pytest.fixture
def city(enter: Enter, cast: Cast) -> Client:
    """The browser of staff of the city."""
    return enter(cast.city_staff)


def form(city: Client, code: str = "rubbish", **changed: Any) -> dict[str, Any]:
    """Return the edit form as it stands, with `changed` fields."""
    page = city.get(f"/desk/services/{code}").content.decode()
    whole = page[page.index(f'action="/desk/services/{code}/save"') :]
    found: dict[str, Any] = dict(
        re.findall(r'name="(revision|zh|en|zh_what|en_what|[a-z_]+\.[a-z_]+)"[^>]*?value="([^"]*)"', whole)
    )
    found |= {
        "raisers": ["person", "firm"],
        "rated": ["skill", "attitude", "speed"],
        "category": "environment",
    }
    for name in ("questions", "categories"):
        found[name] = _text(whole, name)
    return {**found, **changed}


def _text(page: str, name: str) -> str:
    match = re.search(rf'name="{name}".*?>([^<]*)</textarea>', page, re.DOTALL)
    assert match
    return match[1].replace("&quot;", '"').replace("&#x27;", "'")


def save(city: Client, code: str = "rubbish", **changed: Any) -> Any:
    return city.post(f"/desk/services/{code}/save", form(city, code, **changed))


def publish(city: Client, code: str = "rubbish") -> Any:
    return city.post(f"/desk/services/{code}/publish", {"revision": Draft.objects.get(code=code).revision})


def test_saving_what_stands_changes_nothing_of_the_service(city: Client) -> None:
    save(city)
    draft, newest = Draft.objects.get(), Service.objects.get(code="rubbish")
    assert {key: value for key, value in draft.definition.items() if key != "categories"} == newest.definition
    assert drafting.edited("rubbish", by=_staff(city)).faults == []


def _staff(city: Client) -> Any:
    return city.get("/desk/services").wsgi_request.person  # type: ignore[attr-defined]


def test_a_draft_is_kept_recorded_and_touches_nobody(city: Client, cast: Cast) -> None:
    with watching() as seen:
        kept = save(city, zh="垃圾和杂物")
    assert kept["Location"] == "/desk/services/rubbish"
    entry = next(one for one in seen.entries if one.code == "system.service-drafted")
    assert (entry.actor, entry.new) == (("person", cast.city_staff.pk), {"service": "rubbish", "revision": 1})
    assert {"matters_service_draft", "matters_system"} <= seen.tables
    assert "matters_service" not in seen.tables
    assert services.current("rubbish").data["zh"] == "垃圾乱堆"


def test_publishing_makes_a_new_version_and_old_matters_keep_theirs(city: Client, cast: Cast) -> None:
    old = need(cast.resident, "垃圾", **RUBBISH)
    questions = form(city)["questions"].replace("zh: 建筑垃圾", "zh: 装修垃圾")
    save(city, questions=questions, **{"limits_minutes.open": "120"})
    with watching() as seen:
        assert publish(city)["Location"] == "/desk/services/rubbish"
    entry = next(one for one in seen.entries if one.code == "system.service-published")
    assert entry.new == {"service": "rubbish", "version": 2}
    new = need(cast.resident, "垃圾", **RUBBISH)
    assert new.due_at
    assert ((new.due_at - new.raised_at).total_seconds(), new.service_version) == (7200, 2)
    told = [outside.answers(Matter.objects.get(pk=one.pk), "zh")[0].answer for one in (old, new)]
    assert told == ["建筑垃圾", "装修垃圾"]
    assert not Draft.objects.exists()


def test_a_faulty_draft_is_kept_told_and_not_published(city: Client) -> None:
    questions = form(city)["questions"].replace("    en: Rubble\n", "", 1)
    save(city, en=" ", questions=questions, **{"limits_minutes.open": "soon"})
    page = city.get("/desk/services/rubbish").content.decode()
    assert "en 是空的" in page
    assert "limits_minutes.open 的类型不对" in page
    assert re.search(r"问题，第 \d+ 行：缺 questions\.1\.options\.0\.en", page)
    assert publish(city).status_code == 422
    assert Service.objects.filter(code="rubbish").count() == 1


def test_what_cannot_be_read_is_shown_again_as_it_was_typed(city: Client) -> None:
    again = save(city, questions="- code: a\n   kind: [", zh="新名字")
    page = again.content.decode()
    assert again.status_code == 422
    assert "行读不懂" in page
    assert "kind: [" in page
    assert 'value="新名字"' in page
    assert not Draft.objects.exists()


def test_two_who_edit_at_once_do_not_lose_each_others_words(city: Client) -> None:
    mine, theirs = form(city, zh="甲"), form(city, zh="乙")
    city.post("/desk/services/rubbish/save", theirs)
    again = city.post("/desk/services/rubbish/save", mine)
    assert (again.status_code, 'value="甲"' in again.content.decode()) == (409, True)
    assert Draft.objects.get().definition["zh"] == "乙"


def test_a_draft_begun_before_a_newer_version_is_not_published_over_it(city: Client) -> None:
    save(city, zh="老草稿")
    newest = Service.objects.get(code="rubbish")
    Service.objects.filter(code="rubbish").update(current=False)
    Service.objects.create(code="rubbish", version=2, definition={**newest.definition, "zh": "装进来的"})
    assert publish(city).status_code == 409
    assert Service.objects.get(code="rubbish", current=True).definition["zh"] == "装进来的"


def test_a_category_of_ones_own_comes_with_the_service(city: Client, cast: Cast) -> None:
    own = "bulky:\n  zh: 大件\n  en: Bulky\n  icon: recycle\n  words: [沙发]\n"
    save(city, categories=own, category="bulky")
    publish(city)
    assert need(cast.resident, "沙发", **RUBBISH).category == "bulky"
    assert SystemVersion.objects.filter(system__code="city-reports").count() == 2


def test_a_dropped_draft_is_gone_and_the_service_stands(city: Client) -> None:
    save(city, zh="不要了")
    with watching() as seen:
        city.post("/desk/services/rubbish/drop")
        city.post("/desk/services/rubbish/drop")
    assert [one.code for one in seen.entries] == ["system.draft-dropped"]
    assert not Draft.objects.exists()


def test_a_withdrawn_service_is_refused_and_comes_back_when_published(city: Client, cast: Cast) -> None:
    with watching() as seen:
        city.post("/desk/services/rubbish/withdraw")
        city.post("/desk/services/rubbish/withdraw")
    assert [one.code for one in seen.entries] == ["system.service-withdrawn"]
    with refused("service-withdrawn", "service"):
        need(cast.resident, "垃圾", **RUBBISH)
    save(city)
    publish(city)
    assert need(cast.resident, "垃圾", **RUBBISH).service_version == 2


@pytest.mark.parametrize("path", ["", "/rubbish"])
def test_others_find_nothing_here(enter: Enter, cast: Cast, path: str) -> None:
    assert enter(cast.staff).get(f"/desk/services{path}").status_code == 404
    assert enter(cast.resident).get(f"/desk/services{path}").status_code == 404
    assert enter(cast.staff).post("/desk/services/rubbish/withdraw").status_code == 404
    assert services.current("rubbish")


def test_a_service_that_is_not_there_is_not_found(city: Client) -> None:
    assert city.get("/desk/services/none").status_code == 404
    assert city.post("/desk/services/none/publish", {"revision": "1"}).status_code == 404


def test_the_pages_cost_a_fixed_number_of_statements(city: Client, django_assert_num_queries: Any) -> None:
    save(city)
    for path in ("/desk/services", "/desk/services/rubbish"):
        city.get(path)
        with django_assert_num_queries(6):
            city.get(path)
