"""One sentence carried over a redirect: a code in a cookie, never words, so nobody can put any in a page."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

COOKIE = "xf_flash"
SENTENCES = {
    "raised": _("发出去了，附近的先锋会马上收到"),
    "booked": _("约好了，等先锋回话"),
    "claimed": _("您接到了"),
    "accepted": _("您答应了，先打个电话说说几点到"),
    "turned-down": _("已回绝，别的先锋可以接了"),
    "released": _("退回了，别的先锋可以接了"),
    "reported": _("记下了。对方打了分，才算完"),
    "rated": _("谢谢您打分，这件事办完了"),
    "rating-changed": _("打分改好了"),
    "rating-voided": _("这次打分不算数了，两边都会知道"),
    "rating-restored": _("这次打分又算数了，两边都会知道"),
    "disputed": _("告诉先锋了，会再来看看"),
    "reopened": _("重新打开了，先锋会再来"),
    "withdrawn": _("收回了"),
    "sent": _("发出去了"),
    "team-called": _("叫到了，等团队回话"),
    "visit-agreed": _("约好了"),
    "visit-declined": _("已回绝"),
    "published": _("上菜单了，居民可以点了"),
    "drafted": _("存好了，交给单位看过才公开"),
    "submitted": _("交上去了，单位看过就告诉您"),
    "asked-to-use": _("发出去了，作者马上收到"),
    "benefit-claimed": _("报上去了，单位会核实"),
    "subscribed": _("好，开播前提醒您"),
    "unsubscribed": _("好，不提醒了"),
    "live-started": _("开播了，订阅的人都知道了"),
    "live-ended": _("播完了，辛苦了"),
    "commented": _("收到了，主播看过就放出来"),
    "said": _("说到了，对方马上收到"),
    "showcase-judged": _("处理好了，作者收到了"),
    "taken-back": _("收回了，已点的照常办"),
    "saved": _("记住了"),
    "key-revoked": _("收回了，这把钥匙马上就不能用了"),
    "place-set": _("位置换好了"),
    "signed-in": _("登录好了"),
    "signed-out": _("退出了"),
    "read-all": _("都看过了"),
    "filed": _("放出去了，先锋可以接了"),
    "declined": _("没有受理，原因发给对方了"),
    "merged": _("并好了"),
    "assigned": _("派好了，先锋和居民都收到了"),
    "transferred": _("转过去了，那家单位会看到"),
    "extended": _("时限延长了"),
    "benefit-verified": _("效益核实了，计入指数"),
    "benefit-refused": _("没有认下，原因记下了"),
    "judged": _("处理好了"),
    "suspended": _("暂停了，手上的都退回去了"),
    "reinstated": _("恢复了，可以接单了"),
    "recognised": _("认定好了，可以接单了"),
    "firm-verified": _("企业核实好了"),
    "reported-abuse": _("收到了，工作人员会看"),
    "retried": _("马上再送一次"),
    "filter-saved": _("存好了，在左边就能点"),
    "filter-dropped": _("去掉了"),
    "list-dropped": _("去掉了，名单没有导入"),
    "exporting": _("正在导出，好了就在这里"),
    "erased": _("注销好了，您的数据删掉了"),
    "sessions-ended": _("别的手机都退出了"),
    "round-drafted": _("存好了，公布前都能改"),
    "round-open": _("公布了，可以申报了"),
    "round-close": _("截止了，资格核好了"),
    "round-rank": _("名次排好了"),
    "round-announce": _("开始公示了"),
    "round-revise": _("撤回了，可以重新选"),
    "round-decide": _("称号授予了"),
    "round-cancel": _("评选取消了"),
    "round-declare": _("推荐好了"),
    "round-leave": _("评委退出了"),
    "round-add-reviewer": _("评委加上了"),
    "round-answer": _("答复好了"),
    "honour-revoked": _("撤销了，证书上能查到"),
    "honour-declared": _("申报好了"),
    "honour-withdrawn": _("撤回了"),
    "objected": _("收到了，主办单位会逐条答复"),
    "scored": _("分记下了，评审结束前都能改"),
    "kept-out": _("记下了，这一位您不用打分"),
    "file-kept": _("档案记下了"),
    "month-confirmed": _("定了，居民收到了"),
    "pool-kept": _("记下了"),
}


def say(response: HttpResponse, code: str) -> HttpResponse:
    """Let the next page say the sentence of `code`; returns `response`."""
    response.set_cookie(COOKIE, code, max_age=60, httponly=True, samesite="Lax")
    return response


def said(request: HttpRequest) -> str:
    """Return the sentence this page is to say, or ''."""
    code = request.COOKIES.get(COOKIE, "")
    return str(SENTENCES[code]) if code in SENTENCES else ""
