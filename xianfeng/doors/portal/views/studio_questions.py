"""Questions to a representative: asked, read by their two sides, answered, handed over, and the resident's word."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xianfeng.doors.portal.forms import moments
from xianfeng.doors.portal.shown import newest
from xianfeng.doors.portal.shown import studios as shown
from xianfeng.doors.portal.views.access import AskedRequest, SignedRequest, signed_in
from xianfeng.doors.portal.views.forms import page, tried
from xianfeng.foundation.kernel.refusals import Missing, Refusal
from xianfeng.foundation.ui import flash
from xianfeng.services.studios import numbers, queries, rules, steps
from xianfeng.services.studios.models import Question
from xianfeng.services.studios.operations import asking
from xianfeng.services.studios.operations.asking import Order

PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def ask(request: SignedRequest, pk: int) -> HttpResponse:
    """Ask what somebody wants to ask a representative; POST asks it."""
    studio, refusal = queries.studio_for(pk), None
    steps.refuse(rules.may_ask(request.person, studio))
    made: list[Question] = []
    if request.method == "POST":
        text, private = request.POST.get("text", ""), request.POST.get("private") == "1"
        refusal = tried(
            request, lambda: made.append(asking.ask(pk, text, by=request.person, private=private))
        )
        if refusal is None:
            to = redirect("portal:question", made[0].pk) if made else redirect("portal:my-questions")
            return flash.say(to, "said")
    context = {
        "tab": "pioneers", "card": shown.card(studio, queries.response(studio)), "typed": request.POST,
        "limit": numbers.table("question")["text_length"],
    }  # fmt: skip
    return page(request, "portal/studios/ask.html", context, refusal)


@require_safe
def show(request: AskedRequest, pk: int) -> HttpResponse:
    """Show one question with its answers, and what its reader may do."""
    return _page(request, queries.question_for(request.person, pk))


def _page(request: AskedRequest, row: Question, refusal: Refusal | None = None) -> HttpResponse:
    can = shown.can(row, request.person)
    context = {
        "tab": "pioneers", "line": shown.lines([row], names=can.keeper)[0], "can": can, "typed": request.POST,
        "mine": request.person is not None and row.asker_id == request.person.pk,
        "asked_after": queries.asked_days(row), "limits": numbers.table("question"),
        "organisations": shown.organisations(request.POST.get("organisation", "")) if can.hand_over else [],
    }  # fmt: skip
    return page(request, "portal/studios/question.html", context, refusal)


@require_POST
@signed_in
def move(request: SignedRequest, pk: int, name: str) -> HttpResponse:
    """Answer, decline, hand over, take back, or say whether there was an answer."""
    row = queries.question_for(request.person, pk)
    act = _acts(request, pk).get(name)
    if act is None:
        raise Missing
    refusal = tried(request, act)
    if refusal is not None:
        return _page(request, row, refusal)
    to = redirect("portal:my-questions") if name == "withdraw" else redirect("portal:question", pk)
    return flash.say(to, "withdrawn" if name == "withdraw" else "saved")


def _acts(request: SignedRequest, pk: int) -> dict[str, Callable[[], object]]:
    by, typed = request.person, request.POST
    return {
        "answer": lambda: asking.answer(pk, typed.get("answer", ""), by=by),
        "decline": lambda: asking.decline(pk, typed.get("answer", ""), by=by),
        "hand-over": lambda: asking.hand_over(pk, _order(request), by=by),
        "withdraw": lambda: asking.withdraw(pk, by=by),
        "yes": lambda: asking.give_word(pk, True, by=by),
        "no": lambda: asking.give_word(pk, False, by=by),
        "hide": lambda: asking.hide(pk, by=by),
    }


def _order(request: SignedRequest) -> Order:
    organisation = moments.whole(request.POST.get("organisation", ""), field="organisation")
    return Order(organisation, request.POST.get("title", ""), request.POST.get("text", ""))


@require_safe
@signed_in
def mine(request: SignedRequest) -> HttpResponse:
    """List what was asked of the studios the reader keeps, what waits first; and what they asked themselves."""
    kept = queries.kept_by(request.person)
    rows = queries.asked_by(request.person).filter(
        newest.older("asked_at", newest.before(request, "portal:my-questions"))
    )
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    waiting = list(queries.asked_of(request.person)[:PAGE]) if kept else []
    context = {
        "tab": "me", "kept": kept, "waiting": shown.lines(waiting, names=True), "asked": shown.lines(found[:PAGE]),
        "more": newest.address("portal:my-questions", (last.asked_at, last.pk)) if last else "",
    }  # fmt: skip
    return render(request, "portal/studios/mine.html", context)
