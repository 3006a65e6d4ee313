"""What the parts of the index are called, in the reader's language."""

from django.utils.translation import gettext as _


def parts() -> dict[str, tuple[str, str]]:
    """Return of every part its name and what it is made of."""
    return {
        "quality": (_("办得好"), _("打的星，按可信程度算")),
        "volume": (_("帮得多"), _("有效帮过的件数，越往后加得越少")),
        "response": (_("来得快"), _("和同类求助比，早到多少")),
        "benefit": (_("见效益"), _("核实过的增收、省钱和就业")),
        "knowledge": (_("传经验"), _("写过的经验、带过的课")),
        "honours": (_("有荣誉"), _("荣誉分级，一年年变少")),
    }
