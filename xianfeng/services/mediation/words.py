"""What states of a case, and reasons to recuse oneself, are called on every page."""

from django.utils.translation import gettext_lazy

STATES = {
    "opened": gettext_lazy("在请调解员"),
    "inviting": gettext_lazy("等各方同意"),
    "talking": gettext_lazy("在谈"),
    "agreed": gettext_lazy("谈好了"),
    "broken": gettext_lazy("没有做到"),
    "kept": gettext_lazy("都做到了"),
    "failed": gettext_lazy("没谈成"),
    "court": gettext_lazy("去法院"),
    "withdrawn": gettext_lazy("收回了"),
    "declined": gettext_lazy("没有受理"),
}
REASONS = {
    "party": gettext_lazy("自己是当事人"),
    "firm": gettext_lazy("和一方的企业有关"),
    "collective": gettext_lazy("和一方在同一个集体"),
    "same-area": gettext_lazy("和一方住在同一个村社"),
    "neighbour": gettext_lazy("住得近"),
    "declared": gettext_lazy("自己说要回避"),
    "objected": gettext_lazy("一方请求换人"),
}
