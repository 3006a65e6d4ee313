"""Pages that tell: what this is, and what is kept of whom."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xianfeng.doors.portal.shown.privacy import Chapter, chapters
from xianfeng.foundation.kernel import catalogue
from xianfeng.matters import services


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the privacy notice and its version, in the reader's language."""
    told = catalogue.load("people")
    limits = {
        "code_minutes": told["code"]["minutes"], "session_days": told["session"]["days"],
        **catalogue.load("retention")["days"], **services.current("help-open").data["retention_days"],
    }  # fmt: skip
    context = {"tab": "me", "version": told["privacy"]["version"], "chapters": chapters(limits)}
    return render(request, "portal/privacy.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Show what this service is for, and its rules in short."""
    return render(request, "portal/about.html", {"tab": "me", "chapters": _rules()})


def _rules() -> list[Chapter]:
    numbers = services.current("help-open").data["numbers"]
    hands = {"held": services.held_at_once()}
    return [
        Chapter(_("它是做什么的"), [
            _("谁有难处，说一句话；附近的先锋看到了，先按先得；办好了，您打分，才算完。"),
            _("先锋是工会、共青团、妇联等十四家群团组织推荐的人和集体。"),
        ]),
        Chapter(_("几条规矩"), [
            _("一件求助只由一位先锋接。手上有 %(held)s 件没办完，先办好一件再接。") % hands,
            _("自己的、自己企业的、自己团队成员的求助不能接。"),
            _("办的人不能自己说办完：由求助的人确认、打分。"),
            _("打分 %(rating_days)s 天内可以改；办完 %(reopen_days)s 天内可以重开一次。") % numbers,
            _("每一步都有时限。过了时限没人办，会转给大家接，并且一直挂着，直到有人办。"),
        ]),
        Chapter(_("遇到危险"), [_("先打电话：报警 110，火警 119，急救 120。这里不是报警的地方。")]),
    ]  # fmt: skip
