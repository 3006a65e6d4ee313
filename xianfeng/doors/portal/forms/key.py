"""The key of one form: sent twice, it does its work once."""

from secrets import token_urlsafe


def new_key() -> str:
    """Return a key nobody has used."""
    return token_urlsafe(18)
