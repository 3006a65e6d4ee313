"""成果: what pioneers made that others can use; written, changed, sent in and taken back by who speaks for them."""

from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xianfeng.doors.portal.forms.asking import number
from xianfeng.doors.portal.shown import choices, newest, people
from xianfeng.doors.portal.shown import showcase as shown
from xianfeng.doors.portal.views.access import AskedRequest, SignedRequest, signed_in
from xianfeng.doors.portal.views.films import sent
from xianfeng.doors.portal.views.forms import page, tried
from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Missing, Refusal, Refused
from xianfeng.foundation.people import queries as everybody
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.ui import flash
from xianfeng.recognition.showcase import rules
from xianfeng.recognition.showcase.models import Achievement
from xianfeng.recognition.showcase.operations import achievements
from xianfeng.recognition.showcase.operations.achievements import Draft
from xianfeng.recognition.showcase.queries import achievements as queries

PAGE = 20
FIELDS = ("kind", "title", "text", "video_link", "grew_from", "pioneer")


@require_safe
def show_all(request: HttpRequest) -> HttpResponse:
    """List what is published, newest first: words, kind, place; or one's own (`?mine=1`), as it stands."""
    person = cast("AskedRequest", request).person
    asked = {
        name: request.GET.get(name, "").strip()[:60] for name in ("q", "kind", "area", "pioneer", "mine")
    }
    if asked["mine"] and person is not None:
        rows, at = queries.own(person), "drafted_at"
    else:
        rows, at = _published(asked), "published_at"
    rows = rows.filter(newest.older(at, newest.before(request, "portal:achievements")))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "tab": "pioneers", "asked": asked, "cards": shown.cards(found[:PAGE], own=bool(asked["mine"])),
        "more": newest.address("portal:achievements", (getattr(last, at), last.pk), asked) if last else "",
        "kinds": shown.kinds(asked["kind"]), "areas": choices.counties(asked["area"]),
        "speaks": bool(everybody.pioneers_of(person)), "narrowed": any(asked.values()),
    }  # fmt: skip
    return render(request, "portal/showcase/achievements.html", context)


def _published(asked: dict[str, str]) -> QuerySet[Achievement]:
    return queries.published(
        words=asked["q"],
        kind=asked["kind"],
        area=choices.area(asked["area"]),
        pioneer_id=number(asked["pioneer"]),
    )


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one achievement: what it is, where it came from, what it brought, and the chain it belongs to."""
    person = cast("AskedRequest", request).person
    row = queries.achievement_for(person, pk)
    links, own = queries.chain_of(row), rules.speaks(person, row.pioneer)
    refusal = rules.may_adopt(person, row)
    context = {
        "tab": "pioneers", "row": row, "kind": shown.kind_name(row.kind), "where": people.where(row.area_id),
        "organisation": people.organisation(row.pioneer.organisation), "own": own, "state": shown.state_name(row.state),
        "photos": photos(row), "matters": queries.matters_of(row), "chain": shown.chain(links, row.pk),
        "sum": sum(link.yuan for link in links), "jobs": sum(link.jobs for link in links),
        "benefits": shown.worths(queries.benefits_of(row), person),
        "adoptions": [(one, shown.asker(one.matter)) for one in queries.adoptions_of(row)],
        "can_use": row.state == "published" and (refusal is None or refusal.code == "sign-in-needed"),
        "can_change": own and row.state in {"draft", "returned"},
    }  # fmt: skip
    return render(request, "portal/showcase/achievement.html", context)


def photos(row: Achievement) -> list[dict[str, str]]:
    """Return an achievement's photographs as ui/parts/photos.html draws them."""
    return [
        {
            "url": reverse("portal:achievement-photo", args=[one.key, "medium"]),
            "large": reverse("portal:achievement-photo", args=[one.key, "large"]), "caption": "", "alt": row.title,
        }
        for one in queries.pictures_of(row)
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: SignedRequest) -> HttpResponse:
    """Ask what was made; POST keeps it as a draft. `?from=` names the achievement it grew from."""
    speaks = everybody.pioneers_of(request.person)
    if not speaks:
        raise Refused("not-a-pioneer")
    typed = _typed(request, {"grew_from": request.GET.get("from", "")})
    made: list[Achievement] = []
    keys, refusal = sent(request) if request.method == "POST" else ([], None)
    if request.method == "POST" and refusal is None:
        pioneer = next((one for one in speaks if str(one.pk) == typed["pioneer"]), speaks[0])

        def act() -> None:
            made.append(achievements.draft(_draft(request, typed, keys), by=request.person, pioneer=pioneer))

        refusal = tried(request, act)
        if refusal is None:
            return _drafted(made)
    return _form(request, speaks, typed, keys, refusal)


def _drafted(made: list[Achievement]) -> HttpResponse:
    to = (
        reverse("portal:achievement", args=[made[0].pk])
        if made
        else f"{reverse('portal:achievements')}?mine=1"
    )
    return flash.say(HttpResponseRedirect(to), "drafted")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: SignedRequest, pk: int) -> HttpResponse:
    """Change an own achievement that is not sent in, or was sent back."""
    row = queries.achievement_for(request.person, pk)
    if not rules.speaks(request.person, row.pioneer):
        raise Missing
    kept = {name: str(getattr(row, name) or "") for name in ("kind", "title", "text", "video_link")}
    typed = _typed(
        request, {**kept, "grew_from": str(row.grew_from_id or ""), "pioneer": str(row.pioneer_id)}
    )
    keys, refusal = (
        sent(request) if request.method == "POST" else ([one.key for one in queries.pictures_of(row)], None)
    )
    if request.method == "POST" and refusal is None:
        refusal = tried(
            request, lambda: achievements.change(pk, _draft(request, typed, keys), by=request.person)
        )
        if refusal is None:
            return flash.say(HttpResponseRedirect(reverse("portal:achievement", args=[pk])), "saved")
    chosen = [matter.number for matter in queries.matters_of(row)]
    return _form(request, [row.pioneer], typed, keys, refusal, row=row, chosen=chosen)


def _typed(request: HttpRequest, kept: dict[str, str]) -> dict[str, str]:
    if request.method == "POST":
        return {name: request.POST.get(name, "") for name in FIELDS}
    return {name: kept.get(name, "") for name in FIELDS}


def _draft(request: HttpRequest, typed: dict[str, str], keys: list[str]) -> Draft:
    root = number(typed["grew_from"])
    if typed["grew_from"] and root is None:
        raise Refused("achievement-unknown", field="grew_from")
    return Draft(
        kind=typed["kind"], title=typed["title"], text=typed["text"], video_link=typed["video_link"], pictures=keys,
        matters=[one[:24] for one in request.POST.getlist("matters")], grew_from=root,
    )  # fmt: skip


def _form(  # noqa: PLR0917 - what both forms have in hand
    request: SignedRequest, speaks: list[Pioneer], typed: dict[str, str], keys: list[str], refusal: Refusal | None,
    row: Achievement | None = None, chosen: list[str] | None = None,
) -> HttpResponse:  # fmt: skip
    pk = number(typed["grew_from"])
    root = queries.visible_to(request.person).filter(pk=pk).first() if pk else None
    chosen = request.POST.getlist("matters") if request.method == "POST" else (chosen or [])
    context = {
        "tab": "pioneers", "speaks": speaks, "typed": typed, "keys": keys, "row": row, "root": root, "chosen": chosen,
        "kinds": shown.kinds(typed["kind"] or "method"), "matters": queries.matters_to_link(speaks[0]),
        "most": catalogue.load("showcase")["achievement"]["photos"],
    }  # fmt: skip
    return page(request, "portal/showcase/achievement_form.html", context, refusal)


@require_POST
@signed_in
def submit(request: SignedRequest, pk: int) -> HttpResponse:
    """Send an own achievement in."""
    achievements.submit(pk, by=request.person)
    return flash.say(HttpResponseRedirect(reverse("portal:achievement", args=[pk])), "submitted")


@require_POST
@signed_in
def withdraw(request: SignedRequest, pk: int) -> HttpResponse:
    """Take an own achievement back."""
    achievements.withdraw(pk, by=request.person)
    return flash.say(HttpResponseRedirect(f"{reverse('portal:achievements')}?mine=1"), "withdrawn")
