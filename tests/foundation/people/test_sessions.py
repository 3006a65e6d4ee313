"""Sessions: found by the token's hash in one statement, ended by time, by sign-out, from elsewhere."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from tests.foundation.people.conftest import Carrier
from tests.foundation.people.test_codes import MOBILE, ask
from tests.matters.watching import watching
from xianfeng.foundation.kernel import clock
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.people import queries
from xianfeng.foundation.people.models import Person, Session
from xianfeng.foundation.people.operations import SignIn
from xianfeng.foundation.people.sessions import COOKIE, SessionMiddleware, identify, token_hash

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(carrier: Carrier) -> SignIn:
    """Somebody signed in."""
    return people.sign_in(MOBILE, ask())


def who(token: str) -> Person | None:
    """Return who holds a token's live session."""
    return queries.person_of_session(token_hash(token))


def test_a_token_finds_its_person_in_one_statement(signed: SignIn) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert who(signed.token) == signed.person
    assert len(asked) == 1


def test_tokens_are_long_and_never_the_same(signed: SignIn) -> None:
    assert len({signed.token, *(people.sign_in(MOBILE, ask()).token for _ in range(4))}) == 5
    assert len(signed.token) >= 43


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "\0", "先锋"])
def test_a_token_nobody_gave_finds_nobody(signed: SignIn, token: str) -> None:
    assert who(token) is None


def test_a_session_ends_after_ninety_days(signed: SignIn) -> None:
    start = Session.objects.get().created_at
    with time_machine.travel(start + timedelta(days=90) - timedelta(seconds=1), tick=False):
        assert who(signed.token)
    with time_machine.travel(start + timedelta(days=90), tick=False):
        assert who(signed.token) is None


def test_sign_out_ends_this_session_alone_and_twice_is_the_same(signed: SignIn) -> None:
    other = people.sign_in(MOBILE, ask())
    with watching() as seen:
        people.sign_out(signed.token)
    assert seen.tables == {"people_session"}
    assert (who(signed.token), who(other.token)) == (None, signed.person)
    with watching() as seen:
        people.sign_out(signed.token)
    assert seen.nothing()


def test_other_sessions_are_ended_from_the_one_in_hand(signed: SignIn, carrier: Carrier) -> None:
    others = [people.sign_in(MOBILE, ask()).token for _ in range(2)]
    stranger = people.sign_in("13800005678", ask("13800005678"))
    assert people.end_other_sessions(by=signed.person, keep_token=signed.token) == 2
    assert [who(token) for token in others] == [None, None]
    assert who(signed.token) == signed.person
    assert who(stranger.token) == stranger.person


def test_somebody_who_left_is_found_by_no_token(signed: SignIn) -> None:
    Person.objects.filter(pk=signed.person.pk).update(left_at=clock.now())
    assert who(signed.token) is None


def test_a_bearer_token_needs_no_csrf_token_and_a_cookie_does(signed: SignIn, rf: RequestFactory) -> None:
    bearer = rf.post("/", headers={"authorization": f"Bearer {signed.token}"})
    identify(bearer)
    assert bearer.person == signed.person  # type: ignore[attr-defined]
    assert bearer._dont_enforce_csrf_checks  # type: ignore[attr-defined]
    cookie = rf.post("/")
    cookie.COOKIES[COOKIE] = signed.token
    identify(cookie)
    assert cookie.person == signed.person  # type: ignore[attr-defined]
    assert not getattr(cookie, "_dont_enforce_csrf_checks", False)


def test_a_cookie_beside_a_bearer_header_is_not_believed(signed: SignIn, rf: RequestFactory) -> None:
    request = rf.post("/", headers={"authorization": "Bearer nobody"})
    request.COOKIES[COOKIE] = signed.token
    identify(request)
    assert request.person is None  # type: ignore[attr-defined]


def test_a_request_without_a_token_asks_the_database_nothing(rf: RequestFactory) -> None:
    seen: list[object] = []
    with CaptureQueriesContext(connection) as asked:
        SessionMiddleware(lambda request: seen.append(request.person) or HttpResponse())(rf.get("/"))  # type: ignore[attr-defined, func-returns-value]
    assert (len(asked), seen) == (0, [None])


def test_each_seat_of_the_demo_has_its_own_cookie(signed: SignIn, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.seat = "a"  # type: ignore[attr-defined]
    request.COOKIES[COOKIE] = signed.token
    identify(request)
    assert request.person is None  # type: ignore[attr-defined]
    request.COOKIES[f"{COOKIE}_a"] = signed.token
    identify(request)
    assert request.person == signed.person  # type: ignore[attr-defined]
