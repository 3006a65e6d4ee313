"""共享法庭: one's own cases, opening one, a case with all that is the reader's to see, its agreement and dates."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from xianfeng.doors.portal.forms import court as forms
from xianfeng.doors.portal.forms.asking import number as row_number
from xianfeng.doors.portal.queries.front import firms_of
from xianfeng.doors.portal.shown import choices, newest
from xianfeng.doors.portal.shown import court as shown
from xianfeng.doors.portal.views.access import SignedRequest, signed_in
from xianfeng.doors.portal.views.forms import page, tried
from xianfeng.doors.portal.views.place import where
from xianfeng.foundation.kernel.refusals import Missing, Refusal
from xianfeng.foundation.people.models import Person
from xianfeng.foundation.ui import flash
from xianfeng.matters import services
from xianfeng.services.mediation import calendars, numbers, papers, queries, rules
from xianfeng.services.mediation.models import Case
from xianfeng.services.mediation.operations import agreeing, opening
from xianfeng.services.mediation.operations.opening import Claim

PAGE = 20
CALENDAR = "text/calendar; charset=utf-8"


@require_safe
@signed_in
def mine(request: SignedRequest) -> HttpResponse:
    """List the reader's cases, as a party or as the mediator, newest first."""
    rows = queries.mine(request.person).filter(
        newest.older("opened_at", newest.before(request, "portal:court"))
    )
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "tab": "me", "cards": shown.cards(found[:PAGE], request.person),
        "calendar": request.build_absolute_uri(
            reverse("portal:court-calendar", args=[calendars.ticket(request.person)])
        ),
        "more": newest.address("portal:court", (last.opened_at, last.pk)) if last else "",
    }  # fmt: skip
    return render(request, "portal/court/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: SignedRequest) -> HttpResponse:
    """Ask what it is about and who the sides are; POST opens the case."""
    typed, refusal, made = request.POST, None, list[Case]()
    if request.method == "POST":
        refusal = tried(request, lambda: made.append(opening.open_case(_claim(request), by=request.person)))
        if refusal is None:
            to = reverse("portal:case", args=[made[0].matter.number]) if made else reverse("portal:court")
            return flash.say(HttpResponseRedirect(to), "sent")
    english = (get_language() or "").startswith("en")
    kinds = [services.current(code) for code in numbers.services()]
    chosen = typed.get("service") or request.GET.get("service", "")
    context = {
        "tab": "me", "typed": typed, "where": where(request), "limits": shown.limits(),
        "firms": firms_of(request.person),
        "kinds": [
            choices.Choice(one.code, str(one.data["en" if english else "zh"]), one.code == chosen) for one in kinds
        ],
    }  # fmt: skip
    return page(request, "portal/court/new.html", context, refusal)


def _claim(request: SignedRequest) -> Claim:
    typed, here = request.POST, where(request)
    return Claim(
        title=typed.get("title", ""), text=typed.get("text", ""), lat=here.lat, lon=here.lon,
        service=typed.get("service", ""), firm_id=row_number(typed.get("firm", "")),
        respondents=forms.people(typed.get("respondents", ""), field="respondents"),
        others=forms.people(typed.get("others", ""), field="others"),
    )  # fmt: skip


@require_safe
@signed_in
def case(request: SignedRequest, number: str) -> HttpResponse:
    """Show one case."""
    return show(request, number)


def show(request: SignedRequest, number: str, refusal: Refusal | None = None) -> HttpResponse:
    """Return the page of a case, with what was refused told where it was asked."""
    found = queries.case_for(request.person, number)
    context = {"tab": "me", "typed": request.POST, **shown.whole(found, request.person)}
    return page(request, "portal/court/case.html", context, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def agreement(request: SignedRequest, number: str) -> HttpResponse:
    """Write down, as the mediator, what the sides agreed on: words, and who gives whom how much by when."""
    found = queries.case_for(request.person, number)
    if not rules.leads(request.person, found):
        raise Missing
    staying = [one for one in found.parties.all() if one.left_at is None]
    typed = request.POST if request.method == "POST" else request.GET
    count, refusal = forms.rows(typed, sum(one.side == "applicant" for one in staying)), None
    if request.method == "POST" and "more" in typed:
        count += 3
    elif request.method == "POST":
        refusal = tried(request, lambda: agreeing.propose(
            number, typed.get("text", ""), forms.promises(typed, count), by=request.person
        ))  # fmt: skip
        if refusal is None:
            return flash.say(HttpResponseRedirect(reverse("portal:case", args=[number])), "sent")
    context = {
        "tab": "me", "case": found, "typed": typed, "limits": shown.limits(), "count": count,
        "lines": [_line(typed, at) for at in range(count)],
        "sides": [(str(one.pk), f"{papers.called(one)}（{papers.side_name(one.side)}）") for one in staying],
    }  # fmt: skip
    return page(request, "portal/court/agreement.html", context, refusal)


def _line(typed: dict[str, str], at: int) -> dict[str, object]:
    return {
        "at": at,
        **{name: typed.get(f"{name}-{at}", "") for name in ("payer", "receiver", "amount", "day")},
    }


@require_safe
@signed_in
def paper(request: SignedRequest, number: str) -> HttpResponse:
    """Return the paper of an agreement in force; the first time it is made and kept."""
    found = queries.case_for(request.person, number)
    row = queries.agreement(found, by=request.person)
    if row is None or row.agreed_at is None:
        raise Missing
    if row.paper_sealed is None:
        address = request.build_absolute_uri(f"{reverse('portal:agreement-check')}?code={row.code}")
        row = agreeing.keep_paper(number, by=request.person, address=address, language=get_language() or "")
    name = f'inline; filename="agreement-{found.matter.number}.pdf"'
    return HttpResponse(
        papers.kept(row), content_type="application/pdf", headers={"Content-Disposition": name}
    )


@require_safe
@signed_in
def dates(request: SignedRequest) -> HttpResponse:
    """Return the reader's dates as a calendar file."""
    return _calendar(request, request.person)


@require_safe
def subscribed(request: HttpRequest, ticket: str) -> HttpResponse:
    """Return the dates of whom the ticket in the address belongs to, for a calendar that asks again by itself."""
    owner = calendars.owner(ticket)
    person = Person.objects.filter(pk=owner, left_at=None).first() if owner else None
    if person is None:
        raise Missing
    return _calendar(request, person)


def _calendar(request: HttpRequest, person: Person) -> HttpResponse:
    made = calendars.calendar(queries.dates_of(person), host=request.get_host().partition(":")[0])
    response = HttpResponse(made, content_type=CALENDAR)
    response["Content-Disposition"] = 'attachment; filename="dates.ics"'
    response["Cache-Control"] = "no-store"
    return response
