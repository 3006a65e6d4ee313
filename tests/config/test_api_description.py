"""The API keeps to its description: schemathesis finds no fault, and no answer that is not declared."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.calling import Caller, served, token_of
from tests.cast import Cast, booked, closed, done, need, ordered, taken
from tests.recognition.honours.playing import opened, plan
from tests.recognition.showcase.showing import announced, drafted, published, running, submitted
from tests.services.meetings.holding import opened as opened_meeting
from tests.services.meetings.holding import proposed
from tests.services.studios.keeping import answered, asked
from xianfeng.config.api import build
from xianfeng.doors.cockpit import steps
from xianfeng.doors.cockpit.filters import month_after
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people.models import Session
from xianfeng.matters.models import Offer
from xianfeng.matters.operations.handling import call_team
from xianfeng.recognition.honours.operations import declaring, rounds
from xianfeng.recognition.showcase.operations import lives
from xianfeng.recognition.showcase.operations.benefits import Claim, claim
from xianfeng.recognition.showcase.operations.feedback import about, send

__all__ = ["served"]
pytestmark = [pytest.mark.usefixtures("served"), pytest.mark.slow]
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance, unsupported_method,
]  # fmt: skip
EXAMPLES = 6
Known = Callable[[Case], int]


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """The web process's own handler of the API, loaded on first use: by then its folder of static files is there.

    Without the gate before it, which brings connections of its own: what tests do is seen by their own alone.
    """
    from xianfeng.config import wsgi

    return wsgi.api(environ, start_response)


described: dict[str, Any] = json.loads(
    json.dumps(build(demo_too=False).get_openapi_schema(path_prefix="/api/v1/"))
)
schema = schemathesis.openapi.from_dict(described)
schema.app = application
bounded = hypothesis_settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Keep the test's transaction open over requests, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def known(cast: Cast, settings: Settings) -> Known:
    """Put, in most requests, what is really there into the path: foreign and missing are one answer of many.

    Returns how many requests came before.
    """
    settings.STREAM_PORT = 8001
    handled = taken(cast)
    visit = call_team(handled.number, cast.collective.id, by=cast.pioneer.spokesperson)
    matters = [handled, need(cast.resident), done(cast, cast.second), closed(cast), booked(cast)]
    ordered(cast)
    offer = Offer.objects.get()
    choices: dict[str, list[Any]] = {
        "number": [matter.number for matter in matters], "visit_id": [visit.id], "offer_id": [offer.id],
        "pioneer_id": [cast.pioneer.id], "code": [cast.here.code], "key": ["nothing"], "size": ["small"],
        "session_id": list(Session.objects.filter(person=cast.resident).values_list("id", flat=True)) or [1],
    }  # fmt: skip
    choices |= {
        "kind": ["public", "area"], "chart": ["kinds", "trend"], "measure": ["raised", "settled"],
        "period": ["month"], "first": [month_after(steps.today(), -1).isoformat()],
    }  # fmt: skip
    choices |= _shown(cast) | _talked_over(cast) | _round(cast)
    turns = iter(range(10**9))

    def put(case: Case) -> int:
        at = next(turns)
        if at % 4 and case.path_parameters:
            for name in case.path_parameters:
                case.path_parameters[name] = choices[name][at % len(choices[name])]
        return at

    return put


def _talked_over(cast: Cast) -> dict[str, list[Any]]:
    """Return what meetings and studios have: a meeting that runs, a proposal, questions in public and in private."""
    meeting = opened_meeting(cast, numbers=[need(cast.resident).number])
    private = asked(cast, private=True)
    return {
        "meeting_id": [meeting.pk], "item_id": [meeting.items.get().pk], "proposal_id": [proposed(cast).pk],
        "studio_id": [private.studio_id], "question_id": [private.pk, answered(cast, private.studio).pk],
    }  # fmt: skip


def _round(cast: Cast) -> dict[str, list[Any]]:
    """Return what honours have: a round that takes declarations, a draft, and somebody who declared."""
    at = clock.now()
    days = {"opens_at": at, "closes_at": at + timedelta(days=7), "review_until": at + timedelta(days=10)}
    about, draft = opened(cast, **days), rounds.draft(plan(cast, **days), by=cast.staff)
    candidacy = declaring.declare(about.pk, cast.pioneer.pk, by=cast.pioneer.spokesperson)
    return {"round_id": [about.pk, draft.pk], "candidacy_id": [candidacy.pk]}


def _shown(cast: Cast) -> dict[str, list[Any]]:
    """Return what the showcase has: published and not, running and to come, claimed, said and written."""
    row, live = published(cast), running(cast)
    claimed = claim(row.pk, Claim("income", 10, "firm", "合同"), by=cast.pioneer.spokesperson)
    idea = send("idea", "印本小册子", about(cast.resident, "pioneer", cast.pioneer.pk), by=cast.resident)
    comment = lives.comment(live.pk, "好", by=cast.resident)
    return {
        "achievement_id": [row.pk, submitted(cast).pk, drafted(cast).pk], "live_id": [live.pk, announced(cast).pk],
        "benefit_id": [claimed.pk], "feedback_id": [idea.pk], "comment_id": [comment.pk],
    }  # fmt: skip


@schema.parametrize()
@bounded
def test_whoever_asks_gets_only_declared_answers(case: Case, cast: Cast, known: Known) -> None:
    turn = known(case)
    askers = (None, cast.resident, cast.pioneer.spokesperson, cast.speaker, cast.city_staff)
    headers = {"Accept-Encoding": "identity"}
    if person := askers[turn % len(askers)]:
        headers["Authorization"] = f"Bearer {token_of(person)}"
    case.call_and_validate(headers=headers, checks=CHECKS)


def test_the_description_is_openapi_3_1_and_every_operation_is_described(cast: Cast) -> None:
    told = Caller().get("/openapi.json").body
    assert told["openapi"] == "3.1.0"
    assert told["paths"] == described["paths"]
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            assert operation["description"], (method, path)
            names = {parameter["name"] for parameter in operation["parameters"]}
            assert ("Idempotency-Key" in names) == (method == "post"), (method, path)
            refusals = [status for status in operation["responses"] if status >= "400"]
            for status in refusals:
                assert list(operation["responses"][status]["content"]) == ["application/problem+json"], (
                    path,
                    status,
                )
