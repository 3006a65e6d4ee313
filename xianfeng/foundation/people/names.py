"""How a person is called by people who need not know the whole name."""

from django.utils.translation import gettext as _


def public_name(name: str) -> str:
    """Return the first character with two marks for the rest; a person without a name is '居民', a resident."""
    return f"{name[0]}**" if name else _("居民")
