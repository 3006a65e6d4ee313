"""Codes and sessions that are over are deleted: they tell where and when somebody signed in."""

from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from xianfeng.foundation.kernel import retention
from xianfeng.foundation.people.models import Session, SignInCode

Row = TypeVar("Row", bound=Model)


def sweep(at: datetime) -> int:
    """Delete codes and sessions whose days are over."""
    ended = retention.cut("ended_sessions", at)
    return _gone(SignInCode.objects.filter(expires_at__lt=retention.cut("sign_in_codes", at))) + _gone(
        Session.objects.filter(Q(revoked_at__lt=ended) | Q(expires_at__lt=ended))
    )


def _gone(rows: QuerySet[Row]) -> int:
    def delete(limit: int) -> int:
        return rows.model._default_manager.filter(
            pk__in=list(rows.values_list("pk", flat=True)[:limit])
        ).delete()[0]

    return retention.in_batches(delete)
