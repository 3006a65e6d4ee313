"""Reports of abuse with the words they are about, in the statement that reads them."""

from django.db.models import OuterRef, QuerySet, Subquery

from xianfeng.matters.models import AbuseReport, Message, Rating


def with_words(rows: QuerySet[AbuseReport]) -> QuerySet[AbuseReport]:
    """Return reports that carry what was written in the message or rating; a matter speaks for itself."""
    message = Message.objects.filter(pk=OuterRef("subject_id"), matter=OuterRef("matter"))
    rating = Rating.objects.filter(pk=OuterRef("subject_id"), handling__matter=OuterRef("matter"))
    return rows.annotate(
        of_message=Subquery(message.values("text")[:1]), of_rating=Subquery(rating.values("text")[:1])
    )


def said(report: AbuseReport) -> str:
    """Return the words that a report read by `with_words` is about; '' for a matter."""
    written = {"message": "of_message", "rating": "of_rating"}.get(report.kind, "")
    return str(getattr(report, written, "") or "")
