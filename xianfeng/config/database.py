"""Reads DATABASE_URL into Django's form, with nothing but the standard library."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def from_url(url: str) -> dict[str, Any]:
    """Return Django's DATABASES entry for `postgresql://user:password@host:port/name`.

    A socket folder may stand as `?host=/folder`. Raises ValueError on another scheme.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL must begin with postgresql://, not {parts.scheme}://")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        # kernel.statements prepares; psycopg would forget all that is prepared with each rollback
        "OPTIONS": {"prepare_threshold": None},
    }


def parameters(application: str) -> dict[str, Any]:
    """Return what psycopg needs for a connection beside Django's own, as `application` in PostgreSQL's lists."""
    from django.conf import settings

    one = settings.DATABASES["default"]
    return {
        "host": one["HOST"], "port": one["PORT"] or None, "user": one["USER"] or None,
        "password": one["PASSWORD"] or None, "dbname": one["NAME"], "application_name": application,
    }  # fmt: skip
