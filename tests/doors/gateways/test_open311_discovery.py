"""Open311: discovery, services and their definitions, formats, and what holds everywhere."""

import re
from typing import Any

import pytest

from tests.doors.gateways.conftest import BASE, Program, rows_of
from tests.matters.watching import watching

ENDINGS = ("xml", "json")
PATHS = (
    "/discovery", "/services", "/services/street-light", "/requests", "/servicerequestupdates",
)  # fmt: skip


@pytest.fixture
def services(program: Program) -> list[dict[str, Any]]:
    """What GET services lists."""
    rows: list[dict[str, Any]] = program.get("/services.json").body
    return rows


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("path", PATHS)
def test_every_list_answers_in_the_format_of_its_suffix_with_its_content_type(
    program: Program, path: str, ending: str
) -> None:
    assert program.get(f"{path}.{ending}").status == 200


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_head_is_a_get_without_its_body(program: Program, ending: str) -> None:
    answer = program.send("HEAD", f"/services.{ending}")
    assert (answer.status, answer.raw) == (200, b"")


def test_xml_roots_are_those_of_the_protocol(program: Program) -> None:
    roots = [program.get(f"{path}.xml").body.tag for path in PATHS]
    assert roots == [
        "discovery",
        "services",
        "service_definition",
        "service_requests",
        "service_request_updates",
    ]


def test_json_drops_the_root_lists_are_arrays_and_objects_stay_objects(program: Program) -> None:
    kinds = [type(program.get(f"{path}.json").body) for path in PATHS]
    assert kinds == [dict, list, dict, list, list]


@pytest.mark.parametrize(
    "path", [f"{path}{end}" for path in PATHS for end in (".txt", ".html", "", ".xml.gz", "/")]
)
def test_an_unknown_suffix_is_not_there_and_says_so_in_xml(program: Program, path: str) -> None:
    program.get(path).refused(404)


@pytest.mark.parametrize("path", ["/open311", "/open311/", "/open311/v2", "/open311/v1/services.xml"])
def test_an_address_nobody_serves_is_not_there(program: Program, path: str) -> None:
    program.send("GET", path).refused(404)


def test_an_unknown_address_that_asks_for_json_is_answered_in_json(program: Program) -> None:
    assert program.get("/nothing.json").refused(404).body == [
        {"code": 404, "description": "There is nothing here. Find the address from discovery and services"}
    ]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "path", ["/services", "/discovery", "/services/road-damage", "/requests/1-1", "/tokens/x"]
)
def test_a_method_that_is_not_served_is_400_with_405_in_the_body(
    program: Program, path: str, ending: str
) -> None:
    answer = program.send("POST", f"{path}.{ending}").refused(400, 405)
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_requests_cannot_be_changed_or_deleted(program: Program, method: str) -> None:
    answer = program.send(method, "/requests.json").refused(400, 405)
    assert answer.headers["Allow"] == "GET, HEAD, POST"


def test_programs_in_any_browser_page_may_read(program: Program) -> None:
    assert program.get("/services.json").headers["Access-Control-Allow-Origin"] == "*"
    assert program.get("/requests/nothing.json").headers["Access-Control-Allow-Origin"] == "*"


def test_texts_come_in_the_language_that_was_asked_for(program: Program) -> None:
    program.language = "zh-CN"
    chinese = program.get("/services/street-light.json").body["attributes"][0]
    assert (chinese["description"], chinese["values"][0]["name"]) == ("灯怎么了", "不亮")
    assert "找对地址" in program.get("/nothing.json").body[0]["description"]


@pytest.mark.parametrize("jurisdiction", ["", "huzhou.cn", "elsewhere.example"])
def test_with_one_jurisdiction_its_id_may_be_anything(program: Program, jurisdiction: str) -> None:
    assert program.get("/services.json", jurisdiction_id=jurisdiction).status == 200


# Discovery


def test_discovery_says_contact_key_service_and_when_it_changed(program: Program) -> None:
    body = program.get("/discovery.json").body
    assert list(body) == ["changeset", "contact", "key_service", "endpoints"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", body["changeset"])
    assert body["contact"]
    assert body["key_service"]


def test_discovery_names_the_endpoint_with_its_specification_type_and_formats(program: Program) -> None:
    (endpoint,) = program.get("/discovery.json").body["endpoints"]
    assert list(endpoint) == ["specification", "url", "changeset", "type", "formats"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["type"] in {"production", "test"}
    assert endpoint["formats"] == ["text/xml", "application/json"]


def test_the_url_of_the_endpoint_leads_to_the_services(program: Program) -> None:
    url = program.get("/discovery.json").body["endpoints"][0]["url"]
    assert url == f"http://testserver{BASE}"
    assert program.client.get(f"{url}/services.xml").status_code == 200


def test_discovery_in_xml_nests_endpoint_and_format(program: Program) -> None:
    root = program.get("/discovery.xml").body
    assert [one.text for one in root.findall("endpoints/endpoint/formats/format")] == [
        "text/xml",
        "application/json",
    ]
    assert [one.tag for one in root] == ["changeset", "contact", "key_service", "endpoints"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_discovery_is_found_above_the_version_too(program: Program, ending: str) -> None:
    assert program.send("GET", f"/open311/discovery.{ending}").raw == program.get(f"/discovery.{ending}").raw


# Services


def test_every_service_has_all_its_fields(services: list[dict[str, Any]]) -> None:
    fields = ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"]
    assert services
    assert all(list(row) == fields for row in services)


def test_service_codes_are_unique_and_fit_an_address(services: list[dict[str, Any]]) -> None:
    codes = [row["service_code"] for row in services]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z0-9-]+", code) for code in codes)


def test_services_have_names_and_groups(services: list[dict[str, Any]]) -> None:
    assert all(row["service_name"] and row["group"] and row["description"] for row in services)
    assert {row["group"] for row in services} == {"Streets and city", "Open help"}


def test_types_are_those_of_the_protocol(services: list[dict[str, Any]]) -> None:
    assert {row["type"] for row in services} == {"realtime", "batch"}


def test_metadata_is_a_boolean_and_both_kinds_exist(services: list[dict[str, Any]]) -> None:
    assert {row["metadata"] for row in services} == {True, False}


def test_metadata_says_whether_there_are_attributes(program: Program, services: list[dict[str, Any]]) -> None:
    for row in services:
        attributes = program.get(f"/services/{row['service_code']}.json").body["attributes"]
        assert bool(attributes) is row["metadata"]


def test_keywords_are_one_string_with_commas(services: list[dict[str, Any]]) -> None:
    assert all(isinstance(row["keywords"], str) for row in services)
    assert services[0]["keywords"] == "road, pothole, manhole, paving"


def test_services_in_xml_say_the_same(program: Program, services: list[dict[str, Any]]) -> None:
    rows = rows_of(program.get("/services.xml"), "service")
    told = [{**row, "metadata": str(row["metadata"]).lower()} for row in services]
    assert rows == told


def test_services_of_the_house_that_are_not_public_are_not_listed(services: list[dict[str, Any]]) -> None:
    assert not [row for row in services if row["service_code"].startswith("help-booking")]


def test_a_service_by_category_is_listed_once_a_category_and_once_without(
    services: list[dict[str, Any]],
) -> None:
    codes = {row["service_code"] for row in services}
    assert {"help-open", "help-open-electric", "help-open-abroad"} <= codes


# Definitions


@pytest.fixture
def attributes(program: Program) -> list[dict[str, Any]]:
    """The attributes of all services that have some."""
    return [
        attribute
        for code in ("street-light", "rubbish")
        for attribute in program.get(f"/services/{code}.json").body["attributes"]
    ]


def test_a_definition_names_its_service_and_its_attributes(program: Program) -> None:
    assert list(program.get("/services/street-light.json").body) == ["service_code", "attributes"]
    assert program.get("/services/street-light.json").body["service_code"] == "street-light"


def test_every_attribute_has_all_its_fields(attributes: list[dict[str, Any]]) -> None:
    fields = [
        "variable", "code", "datatype", "required", "datatype_description", "order", "description", "values",
    ]  # fmt: skip
    assert all(list(one) == fields for one in attributes)


def test_every_datatype_of_the_protocol_is_in_use(attributes: list[dict[str, Any]]) -> None:
    known = {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}
    assert {one["datatype"] for one in attributes} == known


def test_variable_and_required_are_booleans(attributes: list[dict[str, Any]]) -> None:
    for name in ("variable", "required"):
        assert {one[name] for one in attributes} == {True, False}


def test_a_note_asks_nothing(attributes: list[dict[str, Any]]) -> None:
    (note,) = [one for one in attributes if not one["variable"]]
    assert (note["required"], note["values"]) == (False, None)
    assert note["description"]


@pytest.mark.parametrize("code", ["street-light", "rubbish"])
def test_codes_and_orders_are_unique_and_orders_positive(program: Program, code: str) -> None:
    found = program.get(f"/services/{code}.json").body["attributes"]
    assert len({one["code"] for one in found}) == len(found)
    assert [one["order"] for one in found] == list(range(1, len(found) + 1))


def test_lists_have_values_with_key_and_name_and_nothing_else_has(attributes: list[dict[str, Any]]) -> None:
    for one in attributes:
        assert bool(one["values"]) is one["datatype"].endswith("list")
        assert all(list(value) == ["key", "name"] for value in one["values"] or [])
        assert len({value["key"] for value in one["values"] or []}) == len(one["values"] or [])


def test_a_definition_in_xml_nests_attribute_and_value(program: Program) -> None:
    root = program.get("/services/street-light.xml").body
    assert [child.tag for child in root] == ["service_code", "attributes"]
    first = root.find("attributes/attribute")
    assert [one.findtext("key") for one in first.findall("values/value")] == [
        "out",
        "flickers",
        "day",
        "broken",
    ]
    assert [first.findtext(name) for name in ("variable", "required", "order")] == ["true", "true", "1"]


def test_a_service_without_attributes_has_an_empty_definition(program: Program) -> None:
    assert program.get("/services/road-damage.json").body == {"service_code": "road-damage", "attributes": []}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("code", ["none", "0", "help-booking", "street-light.json", "%00", "路灯"])
def test_the_definition_of_an_unknown_service_is_not_there(program: Program, code: str, ending: str) -> None:
    program.get(f"/services/{code}.{ending}").refused(404)


def test_reading_moves_nothing(program: Program) -> None:
    with watching() as seen:
        for path in PATHS:
            program.get(f"{path}.json")
            program.get(f"{path}.xml")
    assert seen.nothing()
