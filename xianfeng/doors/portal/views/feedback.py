"""反馈: a problem, an idea or thanks, said to a pioneer; and what was said and answered."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xianfeng.doors.portal.shown import newest
from xianfeng.doors.portal.shown import showcase as shown
from xianfeng.doors.portal.views.access import SignedRequest, signed_in
from xianfeng.doors.portal.views.forms import page, tried
from xianfeng.foundation.kernel.refusals import Refused
from xianfeng.foundation.people.names import public_name
from xianfeng.foundation.ui import flash
from xianfeng.recognition.showcase import rules
from xianfeng.recognition.showcase.models import Feedback
from xianfeng.recognition.showcase.operations import feedback
from xianfeng.recognition.showcase.queries import lives as queries

PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def send(request: SignedRequest, kind: str, pk: int) -> HttpResponse:
    """Ask what somebody wants to say about a pioneer, an achievement or a broadcast; POST says it."""
    subject, refusal = feedback.about(request.person, kind, pk), None
    if rules.speaks(request.person, subject.pioneer):
        raise Refused("own-achievement")
    made: list[Feedback] = []
    if request.method == "POST":
        said, words = request.POST.get("kind", ""), request.POST.get("text", "")
        refusal = tried(request, lambda: made.append(feedback.send(said, words, subject, by=request.person)))
        if refusal is None:
            return flash.say(HttpResponseRedirect(_next(made)), "said")
    context = {
        "tab": "pioneers", "subject": subject, "typed": request.POST, "back_to": _address(kind, pk),
        "kinds": shown.named("feedback_kind", request.POST.get("kind", "problem")),
    }  # fmt: skip
    return page(request, "portal/showcase/feedback_form.html", context, refusal)


def _address(kind: str, pk: int) -> str:
    return reverse(f"portal:{kind}", args=[pk])


def _next(made: list[Feedback]) -> str:
    if made and made[0].matter is not None:
        return reverse("portal:need", args=[made[0].matter.number])
    return reverse("portal:my-feedback")


@require_safe
@signed_in
def mine(request: SignedRequest) -> HttpResponse:
    """List what the reader said, and what was said to the pioneers they speak for; newest first."""
    rows = queries.feedback_of(request.person).filter(
        newest.older("sent_at", newest.before(request, "portal:my-feedback"))
    )
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "tab": "me", "rows": [_row(one, request) for one in found[:PAGE]],
        "more": newest.address("portal:my-feedback", (last.sent_at, last.pk)) if last else "",
    }  # fmt: skip
    return render(request, "portal/showcase/my_feedback.html", context)


def _row(row: Feedback, request: SignedRequest) -> dict[str, object]:
    about = row.achievement.title if row.achievement else row.live.title if row.live else row.pioneer.name
    return {
        "row": row, "kind": shown.name_of("feedback_kind", row.kind), "about": about,
        "who": public_name(row.author.name), "mine": row.author_id == request.person.pk,
        "can_answer": row.state == "waiting" and rules.speaks(request.person, row.pioneer),
    }  # fmt: skip


@require_POST
@signed_in
def answer(request: SignedRequest, pk: int) -> HttpResponse:
    """Answer an idea or thanks."""
    feedback.answer(pk, request.POST.get("answer", ""), by=request.person)
    return flash.say(redirect("portal:my-feedback"), "sent")
