"""The form by which staff recognise a pioneer."""

from django.http import QueryDict

from xianfeng.doors.desk.queries.reach import Reach
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.people.operations import Recognising
from xianfeng.foundation.places import tree
from xianfeng.foundation.places.models import Area


def recognise(given: QueryDict, reach: Reach) -> Pioneer:
    """Recognise whom the form names, by their number. Raises Refused naming the field at fault."""
    organisation, area = (
        organisation_in(given.get("organisation", ""), reach),
        area_in(given.get("area", ""), reach),
    )
    if not given.getlist("skills"):
        raise Refused("category-unknown", field="skills")
    told = Recognising(
        kind=given.get("kind", ""), name=given.get("name", ""), skills=given.getlist("skills"), area_id=area.pk,
        lat=area.lat or 0.0, lon=area.lon or 0.0, title=given.get("title", ""), level=given.get("level", "county"),
        motto=given.get("motto", ""), deed=given.get("deed", ""),
    )  # fmt: skip
    name = told.name if told.kind == "individual" else ""
    person = people.enter_person(given.get("mobile", ""), name=name, by=reach.person)
    return people.recognise(told, spokesperson=person, organisation_id=organisation, by=reach.person)


def organisation_in(text: str, reach: Reach) -> int:
    """Return the organisation of a field. Raises Refused 'field-invalid' outside the reach."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    if number == 0 or (reach.organisations is not None and number not in reach.organisations):
        raise Refused("field-invalid", field="organisation", detail=text)
    return number


def area_in(code: str, reach: Reach) -> Area:
    """Return the area of a field, by code, within reach. Raises Refused 'area-unknown'."""
    area = tree.current().by_code.get(code)
    if area is None or not reach.holds(area.pk):
        raise Refused("area-unknown", field="area")
    return area
