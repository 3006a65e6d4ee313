"""What staff do with a round: each move is a form on its page, done once, refused where it was asked."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from xianfeng.doors.desk.shown import honours as shown
from xianfeng.doors.desk.views.access import StaffRequest, page, staff
from xianfeng.doors.desk.views.attempt import attempt, new_key
from xianfeng.doors.desk.views.honours import show
from xianfeng.doors.desk.views.paging import paged
from xianfeng.foundation.kernel.refusals import Missing, Refusal, status
from xianfeng.foundation.people import operations as people
from xianfeng.foundation.ui import flash
from xianfeng.foundation.ui.refusals import told
from xianfeng.recognition.honours import queries, titles
from xianfeng.recognition.honours.models import Honour
from xianfeng.recognition.honours.operations import deciding, declaring, reviewing, rounds

Move = Callable[[StaffRequest, int], object]


def _number(request: StaffRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Missing
    return int(text)


def _words(request: StaffRequest) -> str:
    return request.POST.get("words", "")


def _add_reviewer(request: StaffRequest, pk: int) -> object:
    person = people.enter_person(
        request.POST.get("mobile", ""), name=request.POST.get("name", ""), by=request.person
    )
    return rounds.add_reviewer(pk, person.pk, by=request.person)


def _answer(request: StaffRequest, _: int) -> object:
    upheld = request.POST.get("upheld") == "1"
    return deciding.answer(_number(request, "objection"), _words(request), upheld=upheld, by=request.person)


MOVES: dict[str, Move] = {
    "open": lambda request, pk: rounds.open_round(pk, by=request.person),
    "close": lambda request, pk: reviewing.close(pk, by=request.person),
    "rank": lambda request, pk: reviewing.rank(pk, by=request.person),
    "announce": lambda request, pk: deciding.announce(pk, by=request.person, short_reason=_words(request)),
    "revise": lambda request, pk: deciding.revise(pk, _words(request), by=request.person),
    "decide": lambda request, pk: deciding.decide(pk, by=request.person, short_reason=_words(request)),
    "cancel": lambda request, pk: rounds.cancel(pk, _words(request), by=request.person),
    "declare": lambda request, pk: declaring.declare(pk, _number(request, "pioneer"), by=request.person),
    "leave": lambda request, pk: rounds.leave(
        pk, _number(request, "reviewer"), _words(request), by=request.person
    ),
    "add-reviewer": _add_reviewer,
    "answer": _answer,
}


@require_POST
@staff
def move(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    """Do one move of a round."""
    act = MOVES.get(name)
    about = queries.run_by(request.person, pk)
    if act is None:
        raise Missing
    refusal = attempt(request, lambda: act(request, pk))
    if refusal:
        about.refresh_from_db()
        return show(request, about, refusal)
    to = redirect("desk:round-candidates", pk) if name == "declare" else redirect("desk:round", pk)
    return flash.say(to, f"round-{name}")


@require_safe
@staff
def given(request: StaffRequest) -> HttpResponse:
    """List the honours that were given: all, those without service for a year, those without an offer yet."""
    return _given(request)


def _given(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    only = request.GET.get("only", "")
    lists = {"idle": queries.idle, "new": queries.without_offer}
    rows = lists.get(only, queries.given_by)(request.person)
    found, more = paged(request, rows, name="desk-honours", at="since", most=titles.numbers("round")["page"])
    context = {
        "tab": "honours", "part": "given", "only": only, "more": more, "key": new_key(),
        "rows": [(one, shown.title_name(one.title), shown.level_name(one.level)) for one in found],
        "errors": {refusal.field or "": told(refusal)} if refusal else {},
    }  # fmt: skip
    return page(request, "desk/honours/given.html", context, status=status(refusal.code) if refusal else 200)


@require_POST
@staff
def revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an honour back, with a reason."""
    if not Honour.objects.filter(pk__in=queries.given_by(request.person).values("pk"), pk=pk).exists():
        raise Missing
    refusal = attempt(request, lambda: deciding.revoke(pk, _words(request), by=request.person))
    return (
        _given(request, refusal) if refusal else flash.say(redirect("desk:honours-given"), "honour-revoked")
    )


@require_safe
@staff
def catalogue(request: StaffRequest) -> HttpResponse:
    """Show the titles of all organisations with what overlaps, and the grades."""
    known = [
        (one, [shown.level_name(code) for code in one.levels], shown.overlaps(one.code))
        for one in titles.all_titles().values()
    ]
    context = {
        "tab": "honours", "part": "titles", "rows": known, "grades": titles.grades(),
        "reviews": shown.reviews(queries.reviews()),
    }  # fmt: skip
    return page(request, "desk/honours/titles.html", context)
