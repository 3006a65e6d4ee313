"""Every address of the house that shows a page, with an example for each role; what only takes a POST stands apart."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tests.journeys.house import House

VISITOR, RESIDENT, PIONEER, STAFF = "", "resident", "pioneer-electric", "staff-city"
ROLES = (VISITOR, RESIDENT, "firm", PIONEER, STAFF)

# What answers a POST alone, or no page: files, partials, redirects. Each is played by a journey or a client's test.
WITHOUT_PAGE = {
    # rounds are none in the small city: their pages are played by the client's tests of honours
    "portal:honour-round", "portal:honour-declare", "portal:honour-object", "portal:honour-review",
    "portal:portrait-paper", "desk:portrait-paper", "desk:portraits-fetch", "desk:round-portraits",
    "portal:honour-withdraw", "portal:honour-score", "portal:honour-paper", "portal:honour-deed", "portal:honour-need",
    "portal:honour-document", "portal:honour-achievement", "portal:honour-item-remove", "desk:round",
    "desk:round-change",
    "desk:round-candidates", "desk:round-move", "desk:honour-revoke", "desk:honour-month-confirm",
    # studios, meetings and proposals are none in the small city: their pages are played by the client's tests
    "portal:studio", "portal:studio-hours", "portal:studio-ask", "portal:studio-keep", "portal:studio-do",
    "portal:question", "portal:question-move", "portal:visit-matter", "portal:meeting", "portal:meeting-minutes",
    "portal:meeting-move", "portal:meeting-item", "portal:meeting-item-move", "portal:proposal-new",
    "portal:proposal", "portal:proposal-move", "desk:deputies-draw", "desk:deputies-open", "desk:deputies-close",
    "desk:deputies-judge", "desk:team-form", "desk:team-seat", "desk:team-leave", "desk:team-dissolve",
    "portal:unread", "portal:ask-suggest", "portal:map-counties", "portal:map-area", "portal:photos", "portal:photo",
    "portal:claim", "portal:accept", "portal:withdraw", "portal:verify-benefit", "portal:contact", "portal:visit",
    "portal:offer-withdraw", "portal:inbox-read", "portal:inbox-open", "portal:sign-out", "portal:messages",
    "portal:my-data-file", "portal:late",
    "portal:achievement-submit", "portal:achievement-withdraw", "portal:achievement-film", "portal:achievement-card",
    "portal:benefit-judge", "portal:achievement-photos", "portal:achievement-photo", "portal:live-move",
    "portal:live-seen", "portal:comment-judge", "portal:feedback-answer",
    "desk:bulk", "desk:save-filter", "desk:drop-filter", "desk:number", "desk:move", "desk:photo",
    "desk:list-columns", "desk:list-take", "desk:list-drop", "desk:list-rejects",
    "desk:suspend", "desk:reinstate", "desk:judge", "desk:retry", "desk:fetch", "desk:export", "ui:preferences",
    "demo:enter", "demo:seat", "demo:life",
    "desk:service-save", "desk:service-publish", "desk:service-drop", "desk:service-withdraw",
    "portal:case", "portal:case-agreement", "portal:case-paper", "portal:case-move", "portal:case-lesson",
    "portal:court-dates", "portal:court-calendar", "portal:lesson", "portal:lesson-edit", "portal:lesson-lecture",
    "portal:lecture-attend", "portal:lecture-held", "portal:duty-move", "portal:hearing-move",
    "desk:court-case", "desk:court-appoint", "desk:court-decline",
    "desk:issue-key", "desk:revoke-key", "desk:judge-show", "desk:void-rating", "desk:restore-rating",
    "gateways:open311-discovery", "gateways:open311-services", "gateways:open311-definition",
    "gateways:open311-requests", "gateways:open311-request", "gateways:open311-token",
    "gateways:open311-updates", "gateways:open311-nothing",
    "cockpit:own", "cockpit:own-brief", "cockpit:map", "cockpit:card-csv", "cockpit:board-order", "cockpit:board-drop",
    "cockpit:own-board", "cockpit:board-change",  # none are kept in the small city: played by tests of own boards
}  # fmt: skip


def names() -> set[str]:
    """Return the name of every address, the API's apart."""
    pages = [
        one for one in get_resolver().url_patterns if not str(one.pattern).lstrip("^").startswith("api/")
    ]
    return set(_names(pages, ""))


def _names(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _names(pattern.url_patterns, space + inner)
        else:
            yield f"{space}{pattern.name}"


def examples(house: House) -> dict[str, list[tuple[str, str]]]:
    """Return for each name with a page: (role that may open it, or '*' for everybody; path)."""
    resident, pioneer = house.person(RESIDENT), house.person(PIONEER)
    acts = house.one(
        "SELECT id FROM people_pioneer WHERE spokesperson_id = %s AND kind = 'individual'", pioneer
    )
    team = house.one(
        "SELECT id FROM people_pioneer WHERE kind = 'collective' ORDER BY index DESC NULLS LAST LIMIT 1"
    )
    best = house.one("SELECT pioneer_id FROM matters_rating GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")
    mine = dict(
        house.rows(
            "SELECT state, min(number) FROM matters_matter WHERE requester_id = %s GROUP BY 1", resident
        )
    )
    opened = house.one("SELECT min(number) FROM matters_matter WHERE state = 'open' AND photo_count > 0")
    held = house.one(
        "SELECT m.number FROM matters_matter m JOIN people_pioneer p ON p.id = m.taken_by_id"
        " JOIN demo_part d ON d.person_id = p.spokesperson_id"
        " WHERE m.state = 'taken' AND d.role = 'pioneer-busy' LIMIT 1"
    )
    busy = "pioneer-busy"
    offered = house.rows(
        "SELECT m.number, d.role FROM matters_matter m JOIN people_pioneer p ON p.id = m.offered_to_id"
        " JOIN demo_part d ON d.person_id = p.spokesperson_id WHERE m.state = 'offered'"
    )
    closed = house.one(
        "SELECT min(m.number) FROM matters_matter m JOIN matters_handling h ON h.matter_id = m.id"
        " JOIN matters_rating r ON r.handling_id = h.id WHERE m.state = 'closed' AND m.requester_id = %s",
        resident,
    )
    offer = house.one("SELECT min(id) FROM matters_offer WHERE withdrawn_at IS NULL")
    show = _showcase(house)
    found = show | {
        "portal:home": [("*", "/")],
        "portal:needs": [("*", "/needs"), ("*", "/needs?skill=electric"), ("*", "/needs?q=没有这样的求助")],
        "portal:need": [
            ("*", f"/need/{opened}"), (busy, f"/need/{held}"), (RESIDENT, f"/need/{mine['done']}"),
            ("*", f"/need/{closed}"),
        ],
        "portal:got": [(busy, f"/need/{held}/got")],
        "portal:release": [(busy, f"/need/{held}/release")],
        "portal:report": [(busy, f"/need/{held}/report")],
        "portal:team": [(busy, f"/need/{held}/team")],
        "portal:rate": [(RESIDENT, f"/need/{mine['done']}/rate")],
        "portal:dispute": [(RESIDENT, f"/need/{mine['done']}/dispute")],
        "portal:change-rating": [(RESIDENT, f"/need/{closed}/change-rating")],
        "portal:reopen": [(RESIDENT, f"/need/{closed}/reopen")],
        "portal:turn-down": [(role, f"/need/{number}/turn-down") for number, role in offered[:1]],
        "portal:services": [("*", "/services")],
        "portal:search": [("*", "/search"), ("*", "/search?q=水管")],
        "portal:ask": [
            ("*", "/ask"), ("*", "/ask?service=rubbish"), ("*", "/ask?service=street-light"),
            (RESIDENT, f"/ask?pioneer={best}"), (RESIDENT, f"/ask?offer={offer}"),
        ],
        "portal:pioneers": [("*", "/pioneers"), ("*", "/pioneers?q=水电")],
        "portal:honours": [("*", "/honours")],
        "portal:honour-check": [("*", "/honours/check"), ("*", "/honours/check?code=AAAA-BBBB-CCCC")],
        "portal:honour-file": [(PIONEER, f"/me/file/{acts}")],
        "portal:month": [("*", "/month")],
        "portal:studios": [("*", "/studios"), ("*", "/studios?sector=work")],
        "portal:answers": [("*", "/answers"), ("*", "/answers?q=没有这样的问答")],
        "portal:my-questions": [("signed in", "/me/questions")],
        "portal:my-visits": [("signed in", "/me/visits")],
        "portal:meetings": [("signed in", "/meetings")],
        "portal:meeting-new": [(STAFF, "/meetings/new")],
        "portal:proposals": [("*", "/proposals"), ("*", "/proposals?state=built")],
        "portal:court": [("signed in", "/court")],
        "portal:case-new": [("signed in", "/court/new")],
        "portal:agreement-check": [("*", "/court/check"), ("*", "/court/check?code=AAAA-BBBB-CCCC")],
        "portal:lessons": [("*", "/court/lessons")],
        "portal:pioneer": [("*", f"/pioneer/{best}"), ("*", f"/pioneer/{team}"), (PIONEER, f"/pioneer/{acts}")],
        "portal:pioneer-index": [("*", f"/pioneer/{best}/index")],
        "portal:portrait": [
            ("*", f"/pioneer/{best}/portrait"), ("*", f"/pioneer/{team}/portrait"),
            (PIONEER, f"/pioneer/{acts}/portrait"),
        ],
        "portal:menu": [("*", "/menu")],
        "portal:offer-new": [(PIONEER, "/menu/new")],
        "portal:me": [("signed in", "/me")],
        "portal:my-needs": [("signed in", "/me/needs")],
        "portal:my-jobs": [(PIONEER, "/me/jobs"), (busy, "/me/jobs")],
        "portal:inbox": [("signed in", "/me/inbox")],
        "portal:profile": [("signed in", "/me/profile")],
        "portal:sessions": [("signed in", "/me/sessions")],
        "portal:my-data": [("signed in", "/me/data")],
        "portal:looks": [("signed in", "/me/looks")],
        "portal:erase": [("signed in", "/me/erase")],
        "portal:place": [("*", "/place")],
        "portal:sign-in": [(VISITOR, "/sign-in")],
        "portal:sign-in-code": [(VISITOR, "/sign-in/code")],
        "portal:privacy": [("*", "/privacy")],
        "portal:about": [("*", "/about")],
        "demo:cast": [("*", "/demo")],
        "demo:split": [("*", "/demo/split")],
    }  # fmt: skip
    found |= _cockpit(house)
    return {name: pairs for name, pairs in found.items() if pairs}


def _cockpit(house: House) -> dict[str, list[tuple[str, str]]]:
    """Return the boards anybody may read, and the inner ones for city staff."""
    city = house.one("SELECT code FROM places_area WHERE level = 'city'")
    town = house.one("SELECT min(code) FROM places_area WHERE level = 'town'")
    union = house.one("SELECT min(code) FROM people_organisation WHERE kind = 'union'")
    inner, public = f"/cockpit/area/{city}", f"/cockpit/public/{city}"
    return {
        "cockpit:board": [
            ("*", public), (STAFF, inner), (STAFF, f"{inner}?category=electric"), (STAFF, f"/cockpit/area/{town}"),
            (STAFF, f"/cockpit/organisation/{union}"),
        ],
        "cockpit:charts": [("*", f"{public}/charts"), (STAFF, f"{inner}/charts")],
        "cockpit:rows": [("*", f"{public}/rows/raised"), (STAFF, f"{inner}/rows/settled")],
        "cockpit:pioneers": [("*", f"{public}/pioneers")],
        "cockpit:briefs": [("*", f"{public}/briefs")],
        "cockpit:brief": [(STAFF, f"{inner}/brief/month/{_month_before()}")],
        "cockpit:boards": [(STAFF, "/cockpit/boards")],
        "cockpit:board-new": [(STAFF, "/cockpit/boards/new")],
        "cockpit:algorithms": [("*", "/algorithms")],
    }  # fmt: skip


def _month_before() -> str:
    """Return the first day of the month that is over."""
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    return last.replace(day=1).isoformat()


def _showcase(house: House) -> dict[str, list[tuple[str, str]]]:
    """Return the pages of what pioneers show: the cast shows something from the first minute."""
    row = house.one("SELECT max(id) FROM showcase_achievement WHERE state = 'published'")
    first = house.one("SELECT min(id) FROM showcase_achievement WHERE state = 'published'")
    lives = dict(house.rows("SELECT state, max(id) FROM showcase_live GROUP BY 1"))
    draft = house.one("SELECT max(id) FROM showcase_achievement WHERE state = 'submitted'")
    return {
        "portal:achievements": [
            ("*", "/achievements"), ("*", "/achievements?q=没有这样的成果"), (PIONEER, "/achievements?mine=1"),
        ],
        "portal:achievement": [("*", f"/achievement/{row}"), (PIONEER, f"/achievement/{draft}")],
        "portal:achievement-new": [(PIONEER, f"/achievement/new?from={first}")],
        "portal:achievement-change": [(PIONEER, f"/achievement/{draft}/change")],
        "portal:achievement-video": [(PIONEER, f"/achievement/{draft}/video")],
        "portal:achievement-use": [(RESIDENT, f"/achievement/{row}/use")],
        "portal:achievement-benefit": [(PIONEER, f"/achievement/{row}/benefit")],
        "portal:lives": [("*", "/lives"), (PIONEER, "/lives?mine=1")],
        "portal:live-new": [(PIONEER, "/live/new")],
        "portal:live": [("*", f"/live/{lives['ended']}"), (PIONEER, f"/live/{lives['announced']}")],
        "portal:feedback-send": [(RESIDENT, f"/feedback/achievement/{row}")],
        "portal:my-feedback": [("signed in", "/me/feedback")],
        "portal:figures": [("*", "/figures"), ("*", "/figures?area=330521&year=2025")],
        "portal:figure-rows": [("*", "/figures/achievements"), ("*", "/figures/settled")],
    }  # fmt: skip


def desk_examples(house: House) -> dict[str, list[str]]:
    """Return the desk's pages, for city staff."""
    opened = house.one("SELECT min(number) FROM matters_matter WHERE state = 'open' AND photo_count > 0")
    closed = house.one("SELECT min(m.number) FROM matters_matter m WHERE m.state = 'closed'")
    pioneer = house.one("SELECT min(id) FROM people_pioneer")
    return {
        "desk:queue": ["/desk"],
        "desk:matters": ["/desk/matters", "/desk/matters?state=open"],
        "desk:matter": [f"/desk/matters/{opened}", f"/desk/matters/{closed}"],
        "desk:transfer": [f"/desk/matters/{opened}/transfer"],
        "desk:pioneers": ["/desk/pioneers"],
        "desk:people-lists": ["/desk/people"],
        "desk:people-list": [f"/desk/people/{_list(house)}"],
        "desk:recognise": ["/desk/pioneers/recognise"],
        "desk:pioneer": [f"/desk/pioneers/{pioneer}"],
        "desk:portrait": [f"/desk/portrait/pioneer/{pioneer}"],
        "desk:honours": ["/desk/honours"],
        "desk:round-new": ["/desk/honours/new"],
        "desk:honours-given": [
            "/desk/honours/given",
            "/desk/honours/given?only=idle",
            "/desk/honours/given?only=new",
        ],
        "desk:honour-month": ["/desk/honours/month"],
        "desk:honour-pool": ["/desk/honours/pool"],
        "desk:honour-titles": ["/desk/honours/titles"],
        "desk:court": ["/desk/court"],
        "desk:deputies": ["/desk/deputies"],
        "desk:meetings": ["/desk/meetings"],
        "desk:firms": ["/desk/firms"],
        "desk:verify-firm": ["/desk/firms"],
        "desk:showcase": ["/desk/showcase", "/desk/showcase?kind=published"],
        "desk:reports": ["/desk/reports"],
        "desk:rings": ["/desk/rings"],
        "desk:undelivered": ["/desk/undelivered"],
        "desk:exports": ["/desk/exports"],
        "desk:services": ["/desk/services"],
        "desk:service": ["/desk/services/rubbish"],
        "desk:keys": ["/desk/keys"],
        "desk:report": [f"/report/matter/{opened}"],
    }


def _list(house: House) -> int:
    """Return a list that city staff sent in and whose contents are over; the desk's own tests play fresh ones."""
    statement = """INSERT INTO desk_people_list
        (owner_id, name, language, bytes, step, partial, sent_at, ends_at, lines)
        VALUES (%s, '', 'zh-hans', 1, 'looked', false, now(), now(), 3) RETURNING id"""
    return int(house.one(statement, house.person(STAFF)))


def paths_of(role: str, found: dict[str, list[tuple[str, str]]]) -> list[str]:
    """Return the paths that `role` opens."""
    everybody = {"*"} if role == VISITOR else {"*", "signed in"}
    return [path for pairs in found.values() for who, path in pairs if who in {role, *everybody}]
