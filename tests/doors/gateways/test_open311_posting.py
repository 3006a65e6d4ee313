"""Open311: POST requests, keys, tokens, and what becomes of a report inside the house."""

import io
import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.cast import Cast
from tests.doors.gateways.conftest import FORM, Program, rows_of
from tests.matters.watching import watching
from xianfeng.doors.gateways.open311 import flood
from xianfeng.foundation.kernel import keyring
from xianfeng.foundation.people import keys
from xianfeng.foundation.people.models import ApiKey
from xianfeng.foundation.places import queries as places
from xianfeng.matters.models import Matter, Particulars, Service

ROAD: dict[str, Any] = {"service_code": "road-damage", "lat": "30.87", "long": "120.09"}
LIGHT: dict[str, Any] = {**ROAD, "service_code": "street-light", "attribute[fault]": "out"}
RUBBISH: list[tuple[str, Any]] = [
    ("service_code", "rubbish"), ("lat", "30.87"), ("long", "120.09"), ("attribute[amount]", "bag"),
]  # fmt: skip


def matter_of(number: str) -> Matter:
    return Matter.objects.select_related("particulars", "requester").get(number=number)


# The answer


def test_a_realtime_service_answers_with_a_number_and_no_token(program: Program) -> None:
    answer = program.post("/requests.json", ROAD)
    assert answer.status in {200, 201}
    assert [list(row) for row in answer.body] == [["service_request_id", "service_notice", "account_id"]]
    assert isinstance(answer.body[0]["service_request_id"], str)
    assert answer.body[0]["service_notice"]


def test_the_answer_in_xml_is_a_request_within_service_requests(program: Program) -> None:
    answer = program.post("/requests.xml", ROAD)
    assert answer.body.tag == "service_requests"
    (row,) = rows_of(answer, "request")
    assert row["service_request_id"]
    assert "token" not in row


@pytest.mark.parametrize("ending", ["xml", "json"])
def test_a_batch_service_answers_with_a_token_and_no_number(program: Program, ending: str) -> None:
    answer = program.post(f"/requests.{ending}", {**ROAD, "service_code": "flyposting"})
    (row,) = answer.body if ending == "json" else rows_of(answer, "request")
    assert row["token"]
    assert "service_request_id" not in row


@pytest.mark.parametrize("ending", ["xml", "json"])
def test_a_token_is_exchanged_for_the_number(program: Program, ending: str) -> None:
    token = program.post("/requests.json", {**ROAD, "service_code": "flyposting"}).body[0]["token"]
    answer = program.get(f"/tokens/{token}.{ending}")
    (row,) = answer.body if ending == "json" else rows_of(answer, "request")
    assert row == {"service_request_id": Matter.objects.get().number, "token": token}
    assert program.row(str(row["service_request_id"]))["service_code"] == "flyposting"


def test_a_token_has_no_number_while_what_was_reported_is_not_public(program: Program) -> None:
    data = {
        **Service.objects.get(code="flyposting", current=True).definition,
        "code": "tell-us",
        "filing": True,
    }
    Service.objects.create(code="tell-us", version=1, definition=data)
    token = program.post("/requests.json", {**ROAD, "service_code": "tell-us"}).body[0]["token"]
    Particulars.objects.update(source="")  # as a matter of the house, which staff read first
    assert program.get(f"/tokens/{token}.json").body == [{"service_request_id": None, "token": token}]
    assert program.get(f"/tokens/{token}.xml").body.find("request/service_request_id").text is None


@pytest.mark.parametrize("ending", ["xml", "json"])
@pytest.mark.parametrize("token", ["none", "1", "%00", "a" * 200, "令牌", "' OR 1=1 --"])
def test_an_unknown_token_is_not_there(program: Program, token: str, ending: str) -> None:
    program.get(f"/tokens/{quote(token, safe='%')}.{ending}").refused(404)


def test_a_number_is_no_token(program: Program) -> None:
    program.get(f"/tokens/{program.report()}.json").refused(404)


def test_a_new_request_is_visible_at_once(program: Program) -> None:
    number = program.report()
    assert program.numbers()[0] == number
    assert program.row(number)["status"] == "open"


# What a report becomes


def test_a_report_is_a_matter_raised_by_the_account_of_the_key_with_its_record(program: Program) -> None:
    with watching() as seen:
        number = program.report(description="路口有个大坑\n很危险")
    matter = matter_of(number)
    told = seen.only("matter.raised")
    account = ApiKey.objects.get().person
    assert (told.id, told.actor) == (matter.pk, ("person", account.pk))
    assert told.new == {"offered_to": None, "service": "road-damage", "source": "open311", "state": "open"}
    assert seen.tables == {"matters_matter", "matters_particulars", "people_api_key"}
    assert (matter.requester_id, account.name) == (account.pk, "别处的程序")
    assert (matter.title, matter.text) == ("路口有个大坑", "路口有个大坑\n很危险")
    assert (matter.category, matter.state) == ("traffic", "open")


def test_contact_data_is_sealed_and_shown_in_no_answer(program: Program) -> None:
    given = {
        "email": "somebody@example.org", "first_name": "Ada", "last_name": "Lovelace", "phone": "13800001234",
        "device_id": "d-1", "account_id": "a-1",
    }  # fmt: skip
    number = program.report(**given)
    sealed = bytes(matter_of(number).particulars.contact_sealed or b"")
    assert json.loads(keyring.unseal("contact", sealed)) == given
    shown = program.get(f"/requests/{number}.xml").raw + program.get("/requests.json").raw
    assert not [value for value in given.values() if value.encode() in shown]


def test_without_contact_data_nothing_is_sealed(program: Program) -> None:
    assert matter_of(program.report()).particulars.contact_sealed is None


@pytest.mark.parametrize(
    "words",
    [
        "一句话",
        "one\ntwo\n\nthree",
        "<b>&amp;\"quotes\" 'single' ]]></b>",
        "表情 😀 字 𠮷 é",
        "长" * 4000,
        "a" * 4000,
    ],
)
@pytest.mark.parametrize("ending", ["xml", "json"])
def test_a_description_comes_back_as_it_was_sent(program: Program, words: str, ending: str) -> None:
    number = program.report(description=words)
    answer = program.get(f"/requests/{number}.{ending}")
    (row,) = answer.body if ending == "json" else rows_of(answer, "request")
    assert row["description"] == words


def test_line_ends_of_windows_are_line_breaks(program: Program) -> None:
    assert program.row(program.report(description="one\r\ntwo"))["description"] == "one\ntwo"


@pytest.mark.parametrize("ending", ["xml", "json"])
def test_control_characters_never_break_an_answer(program: Program, ending: str) -> None:
    marks = "".join(map(chr, range(32))) + "\x7f\x85\ufffe\uffff\u202e"
    number = program.report(description=f"a{marks}b", address_string=f"c{marks}d", media_url=None)
    assert program.get(f"/requests/{number}.{ending}").status == 200
    assert program.get(f"/requests.{ending}").status == 200
    refused = program.post(f"/requests.{ending}", {**ROAD, "service_code": f"x{marks}y"})
    refused.refused(404)


def test_bytes_that_are_no_utf8_are_no_fault(program: Program) -> None:
    body = (
        f"api_key={program.key}&service_code=road-damage&lat=30.87&long=120.09&description=%ff%fe%c3".encode()
    )
    assert program.send("POST", "/requests.json", body, FORM).status == 201


def test_without_a_description_the_service_gives_the_title_and_the_description_is_empty(
    program: Program,
) -> None:
    number = program.report()
    assert matter_of(number).title == "Damaged road"
    assert program.row(number)["description"] is None
    assert program.get(f"/requests/{number}.xml").body.find("request/description").text is None


def test_a_long_first_line_is_cut_for_the_title_alone(program: Program) -> None:
    matter = matter_of(program.report(description="坑" * 100))
    assert (matter.title, matter.text) == ("坑" * 59 + "…", "坑" * 100)


def test_a_description_beyond_4000_characters_is_refused(program: Program) -> None:
    program.post("/requests.json", {**ROAD, "description": "长" * 4001}).refused(400)


# Where


def test_a_point_suffices(program: Program) -> None:
    row = program.row(program.report())
    assert (row["lat"], row["long"]) == (30.87, 120.09)
    assert row["address"]


def test_an_address_alone_suffices_and_comes_back(program: Program) -> None:
    row = program.row(program.report(lat=None, long=None, address_string="某路 12 号门口"))
    assert row["address"] == "某路 12 号门口"
    assert (row["lat"], row["long"]) == (None, None)  # nobody knows where that is


def test_an_address_that_names_an_area_lies_in_it(program: Program) -> None:
    town = places.towns()[0]
    county = places.ancestors(town)[-1]
    matter = matter_of(program.report(lat=None, long=None, address_string=f"{county.name}{town.name}小学旁"))
    assert (matter.area_id, matter.particulars.placed) == (town.pk, "area")
    assert (matter.lat, matter.lon) == (town.lat, town.lon)


def test_an_address_id_that_is_an_area_suffices_and_comes_back(program: Program) -> None:
    town = places.towns()[3]
    number = program.report(lat=None, long=None, address_id=town.code)
    assert matter_of(number).area_id == town.pk
    row = program.row(number)
    assert (row["address_id"], row["lat"], row["long"]) == (town.code, town.lat, town.lon)


def test_an_address_id_of_another_system_suffices_and_is_flagged(program: Program) -> None:
    number = program.report(lat=None, long=None, address_id="4711")
    matter = matter_of(number)
    assert (matter.area, matter.particulars.placed) == (places.root(), "city")
    assert program.row(number)["address_id"] == "4711"


def test_a_point_outside_the_city_is_kept_and_flagged(program: Program) -> None:
    number = program.report(lat="48.2", long="16.37")
    assert matter_of(number).outside
    assert (program.row(number)["lat"], program.row(number)["long"]) == (48.2, 16.37)


def test_the_point_decides_where_an_address_comes_along(program: Program) -> None:
    matter = matter_of(program.report(address_string="somewhere else"))
    assert (matter.particulars.placed, matter.particulars.address) == ("point", "somewhere else")


def test_the_address_of_a_service_for_homes_is_a_door_and_not_public(program: Program) -> None:
    number = program.report(service_code="help-open-elderly", address_string="三单元 201")
    assert "201" not in program.row(number)["address"]
    assert keyring.unseal("address", bytes(matter_of(number).address_sealed or b"")) == "三单元 201"


@pytest.mark.parametrize(
    "where",
    [
        {"lat": "30.87"}, {"long": "120.09"}, {"lat": "30.87", "long": ""}, {"lat": "", "long": "120"},
        {"lat": "north", "long": "120"}, {"lat": "NaN", "long": "NaN"}, {"lat": "inf", "long": "1"},
        {"lat": "90.1", "long": "120"}, {"lat": "30", "long": "-180.5"}, {"lat": "1e400", "long": "1"},
        {"lat": "3_0", "long": "120"}, {"lat": "３０", "long": "120"}, {"lat": "30,8", "long": "120"},
        {"lat": "30.87", "address_string": "某路"}, {"lat": "999", "long": "999", "address_string": "某路"},
        {}, {"lat": "", "long": "", "address_string": "", "address_id": ""}, {"address_string": "  "},
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", ["xml", "json"])
def test_no_place_or_half_a_point_or_none_on_earth_is_400(
    program: Program, where: dict[str, str], ending: str
) -> None:
    with watching() as seen:
        program.post(f"/requests.{ending}", {"service_code": "road-damage", **where}).refused(400)
    assert seen.tables == {"people_api_key"}


@pytest.mark.parametrize(
    ("lat", "long"), [("90", "180"), ("-90", "-180"), ("0", "0"), ("+30.5", "1.2e2"), (".5", "1.")]
)
def test_every_point_on_earth_is_taken(program: Program, lat: str, long: str) -> None:
    row = program.row(program.report(lat=lat, long=long))
    assert (row["lat"], row["long"]) == (float(lat), float(long))


# Service and key


@pytest.mark.parametrize("ending", ["xml", "json"])
@pytest.mark.parametrize("code", [None, "", "  "])
def test_no_service_code_is_400(program: Program, code: str | None, ending: str) -> None:
    given = {"lat": "30.87", "long": "120.09", **({} if code is None else {"service_code": code})}
    program.post(f"/requests.{ending}", given).refused(400)


@pytest.mark.parametrize("ending", ["xml", "json"])
@pytest.mark.parametrize("code", ["none", "0", "help-booking", "\0", "x" * 5000])
def test_an_unknown_service_code_is_404(program: Program, code: str, ending: str) -> None:
    program.post(f"/requests.{ending}", {**ROAD, "service_code": code}).refused(404)


@pytest.mark.parametrize("ending", ["xml", "json"])
@pytest.mark.parametrize("key", [None, "", "wrong", "xf_" + "a" * 32, "钥匙", "\0"])
@pytest.mark.parametrize("path", ["/requests", "/servicerequestupdates"])
def test_a_missing_or_wrong_key_is_403_and_moves_nothing(
    program: Program, key: str | None, path: str, ending: str
) -> None:
    given = {**ROAD, **({} if key is None else {"api_key": key})}
    with watching() as seen:
        program.post(f"{path}.{ending}", given, keyed=False).refused(403)
    assert seen.nothing()


def test_the_key_is_asked_for_before_anything_else(program: Program) -> None:
    program.post("/requests.json", {"service_code": "none"}, keyed=False).refused(403)


def test_the_key_may_stand_in_the_query(program: Program) -> None:
    assert program.post(f"/requests.json?api_key={program.key}", ROAD, keyed=False).status == 201


def test_a_revoked_key_is_403_at_once(program: Program, cast: Cast) -> None:
    program.report()
    keys.revoke(keys.all_keys(cast.city_staff).get().pk, by=cast.city_staff)
    program.post("/requests.json", ROAD).refused(403)


def test_only_the_hash_of_a_key_is_kept(program: Program) -> None:
    row = ApiKey.objects.get()
    assert bytes(row.key_hash) == keys.key_hash(program.key)
    assert program.key not in str(row.__dict__)
    assert row.begins == program.key[:8]


def test_beyond_its_limit_a_key_is_refused_with_400_and_429_in_the_body(cast: Cast) -> None:
    slow = Program(keys.issue("慢", per_minute=3, by=cast.city_staff).key)
    with time_machine.travel("2026-05-01T10:00:20Z", tick=False) as now:
        for _ in range(3):
            slow.report()
        answer = slow.post("/requests.json", ROAD).refused(400, 429)
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        now.shift(timedelta(minutes=2))
        as_another_process()
        slow.report()
    assert Matter.objects.count() == 4


def as_another_process() -> None:
    """Go on as a process that has not seen any key yet."""
    flood.forget()


def test_the_limit_is_kept_by_the_database_between_processes(cast: Cast) -> None:
    slow = Program(keys.issue("慢", per_minute=2, by=cast.city_staff).key)
    with time_machine.travel("2026-05-01T10:00:20Z", tick=False):
        for _ in range(2):
            as_another_process()
            slow.report()
        as_another_process()
        slow.post("/requests.json", ROAD).refused(400, 429)


def test_a_flood_of_one_key_does_not_reach_the_database(cast: Cast, django_assert_num_queries: Any) -> None:
    slow = Program(keys.issue("洪水", per_minute=1, by=cast.city_staff).key)
    slow.report()
    with django_assert_num_queries(0):
        for _ in range(100):
            slow.post("/requests.json", ROAD).refused(400, 429)
            slow.get("/requests.json", api_key=slow.key).refused(400, 429)


def test_a_wrong_key_is_looked_for_once(cast: Cast, django_assert_num_queries: Any) -> None:
    wrong = Program("xf_" + "b" * 32)
    wrong.post("/requests.json", ROAD).refused(403)
    with django_assert_num_queries(0):
        wrong.post("/requests.json", ROAD).refused(403)


# Attributes


@pytest.mark.parametrize("ending", ["xml", "json"])
@pytest.mark.parametrize(
    "given", [{}, {"attribute[fault]": ""}, {"attribute[other]": "out"}, {"fault": "out"}]
)
def test_a_missing_required_attribute_is_400(program: Program, given: dict[str, str], ending: str) -> None:
    program.post(f"/requests.{ending}", {**ROAD, "service_code": "street-light", **given}).refused(400)


def test_brackets_may_be_escaped_or_not(program: Program) -> None:
    start = f"api_key={program.key}&service_code=street-light&lat=30.87&long=120.09&"
    for attribute in ("attribute[fault]=day", "attribute%5Bfault%5D=day"):
        answer = program.send("POST", "/requests.json", (start + attribute).encode(), FORM)
        assert answer.status == 201
        assert matter_of(answer.body[0]["service_request_id"]).particulars.answers == {"fault": "day"}


@pytest.mark.parametrize("name", ["attribute[kinds][]", "attribute[kinds]", "attribute[kinds][0]"])
def test_several_values_of_a_list_are_all_kept(program: Program, name: str) -> None:
    given = [*RUBBISH, (name, "rubble"), (name, "garden"), (name, "rubble")]
    answer = program.post("/requests.json", given)
    kept = matter_of(answer.body[0]["service_request_id"]).particulars.answers
    assert kept == {"kinds": ["rubble", "garden"], "amount": "bag"}


def test_answers_of_every_datatype_are_kept(program: Program) -> None:
    given = {
        **LIGHT, "attribute[lamps]": " 3 ", "attribute[pole]": "HZ-12\n34",
        "attribute[since]": "2026-05-01T19:30:00+08:00",
    }  # fmt: skip
    number = program.post("/requests.json", given).body[0]["service_request_id"]
    assert matter_of(number).particulars.answers == {
        "fault": "out", "lamps": 3, "pole": "HZ-12 34", "since": "2026-05-01T11:30:00+00:00",
    }  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"attribute[fault]": "exploded"}, {"attribute[fault]": "It is out"}, {"attribute[lamps]": "three"},
        {"attribute[lamps]": "NaN"}, {"attribute[lamps]": "2.5"}, {"attribute[lamps]": "0"},
        {"attribute[lamps]": "201"}, {"attribute[since]": "yesterday"}, {"attribute[since]": "2026-13-01"},
        {"attribute[pole]": "x" * 41},
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", ["xml", "json"])
def test_a_value_that_does_not_fit_its_datatype_is_400(
    program: Program, wrong: dict[str, str], ending: str
) -> None:
    program.post(f"/requests.{ending}", {**LIGHT, **wrong}).refused(400)


def test_a_value_outside_a_multivaluelist_is_400(program: Program) -> None:
    given = [*RUBBISH, ("attribute[kinds][]", "rubble"), ("attribute[kinds][]", "gold")]
    program.post("/requests.json", given).refused(400)


def test_two_values_of_a_singlevaluelist_are_400(program: Program) -> None:
    given = [*LIGHT.items(), ("attribute[fault]", "day")]
    program.post("/requests.json", given).refused(400)


def test_an_attribute_nobody_asked_for_is_left_out(program: Program) -> None:
    number = program.post("/requests.json", {**LIGHT, "attribute[colour]": "blue"}).body[0][
        "service_request_id"
    ]
    assert matter_of(number).particulars.answers == {"fault": "out"}


@pytest.mark.parametrize("ending", ["xml", "json"])
def test_everything_that_is_wrong_is_told_at_once(program: Program, ending: str) -> None:
    given = {"service_code": "rubbish", "media_url": "ftp://x", "description": "长" * 4001}
    assert program.post(f"/requests.{ending}", given).refused(400).codes == [400] * 5


# Pictures


def test_a_media_url_comes_back(program: Program) -> None:
    url = "https://pictures.example.org/a.jpg?x=1&y=<2>".replace("<2>", "2")
    number = program.report(media_url=url)
    assert program.row(number)["media_url"] == url
    assert program.get(f"/requests/{number}.xml").body.findtext("request/media_url") == url


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x.org/a", "a picture", "https://x y", "https://x/" + "a" * 1000]
)
def test_a_media_url_that_is_no_address_is_400(program: Program, url: str) -> None:
    program.post("/requests.json", {**ROAD, "media_url": url}).refused(400)


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(buffer, "PNG")
    return buffer.getvalue()


def test_a_picture_sent_along_is_taken_in_and_can_be_fetched(program: Program) -> None:
    media = SimpleUploadedFile("hole.png", picture(), "image/png")
    answer = program.client.post(
        "/open311/v2/requests.json", {**ROAD, "api_key": program.key, "media": media}
    )
    assert answer.status_code == 201
    number = answer.json()[0]["service_request_id"]
    assert matter_of(number).photo_count == 1
    url = program.row(number)["media_url"]
    assert url.startswith("http://testserver/photo/")
    assert program.client.get(url)["Content-Type"] == "image/jpeg"


def test_a_file_that_is_no_picture_is_400(program: Program) -> None:
    media = SimpleUploadedFile("hole.png", b"nothing", "image/png")
    answer = program.client.post(
        "/open311/v2/requests.json", {**ROAD, "api_key": program.key, "media": media}
    )
    assert (answer.status_code, answer.json()[0]["code"]) == (400, 400)


# Bad bodies


@pytest.mark.parametrize("ending", ["xml", "json"])
def test_ten_thousand_attributes_are_400(program: Program, ending: str) -> None:
    given = [*LIGHT.items(), *((f"attribute[a{n}]", "1") for n in range(10_000))]
    with watching() as seen:
        program.post(f"/requests.{ending}", given).refused(400)
    assert seen.nothing()


def test_a_body_of_megabytes_is_400(program: Program) -> None:
    program.post("/requests.json", {**ROAD, "description": "a" * 1_100_000}).refused(400)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY x SYSTEM "file:///etc/passwd">]><lolz>&b;&x;</lolz>"""


@pytest.mark.parametrize(
    "kind", ["text/xml", "application/xml", "application/json", "text/plain", "image/png"]
)
@pytest.mark.parametrize("ending", ["xml", "json"])
def test_a_body_that_is_no_form_is_not_read(program: Program, kind: str, ending: str) -> None:
    answer = program.send("POST", f"/requests.{ending}?api_key={program.key}", BOMB, kind).refused(400)
    assert b"lol" not in answer.raw
    assert b"root" not in answer.raw


def test_a_broken_multipart_body_is_400(program: Program) -> None:
    program.send("POST", "/requests.json", b"--x\r\nbroken", "multipart/form-data; boundary=").refused(400)


@pytest.mark.parametrize(
    "field", ["email", "first_name", "last_name", "phone", "device_id", "account_id", "address_string"]
)
def test_a_field_that_is_far_too_long_is_400(program: Program, field: str) -> None:
    program.post("/requests.json", {**ROAD, field: "x" * 300}).refused(400)


def test_an_empty_parameter_is_an_absent_one(program: Program) -> None:
    names = (
        "email",
        "phone",
        "media_url",
        "description",
        "address_string",
        "address_id",
        "jurisdiction_id",
        "first_name",
    )
    number = program.report(**dict.fromkeys(names, ""))
    assert program.row(number)["media_url"] is None
