"""The engine's rows: services, matters, handlings, ratings, talk, photographs, offers."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models import Q

from xianfeng.foundation.kernel.erased import Words
from xianfeng.foundation.people.models import Firm, Organisation, Person, Pioneer
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record.models import Chained
from xianfeng.matters.duties.models import Duty  # noqa: F401 - Django finds rows here
from xianfeng.matters.systems.models import FOLDER, ORIGINS, Draft, System, SystemVersion  # noqa: F401 - Django finds rows here


class Service(models.Model):
    """One version of a service (服务事项), as a folder or the desk said it. None is current: it was withdrawn."""

    code = models.CharField(max_length=40)
    version = models.IntegerField()
    definition = models.JSONField()
    current = models.BooleanField(default=True)
    origin = models.CharField(max_length=10, choices=ORIGINS, default=FOLDER, db_default=FOLDER)

    class Meta:
        db_table = "matters_service"
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_row_a_version")]


class Offer(models.Model):
    """What a pioneer offers on the menu: skill, area, times, and how many orders at once."""

    pioneer = models.ForeignKey(Pioneer, on_delete=models.PROTECT, related_name="offers")
    skill = models.CharField(max_length=30)
    title = Words(max_length=60)
    text = models.CharField(max_length=500, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    times = models.CharField(max_length=120)
    capacity = models.IntegerField()
    booked = models.IntegerField(default=0)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "matters_offer"
        indexes = [
            models.Index(fields=["skill", "area"], name="offer_menu", condition=Q(withdrawn_at__isnull=True))
        ]
        constraints = [models.CheckConstraint(condition=Q(booked__gte=0), name="offer_booked_none_or_more")]


class Matter(Chained):
    """A need raised by somebody at a place. Times are instants; `…_minutes` are limits of its service version.

    `charge` is the organisation it was handed over to; None: those of its area have it in charge.
    """

    number = models.CharField(max_length=24, unique=True)
    service_code = models.CharField(max_length=40)
    service_version = models.IntegerField()
    state = models.CharField(max_length=12)
    title = Words(max_length=60)
    text = models.TextField(blank=True)
    category = models.CharField(max_length=30, blank=True)
    lat = models.FloatField()
    lon = models.FloatField()
    cell = models.BigIntegerField()
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    outside = models.BooleanField(default=False)
    address_sealed = models.BinaryField(null=True)
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="matters")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, null=True)
    wanted = models.CharField(max_length=10, default="days")
    wanted_from = models.DateTimeField(null=True)
    wanted_until = models.DateTimeField(null=True)
    raised_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    taken_minutes = models.IntegerField()
    offered_to = models.ForeignKey(Pioneer, on_delete=models.PROTECT, null=True, related_name="offered")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, null=True)
    taken_by = models.ForeignKey(Pioneer, on_delete=models.PROTECT, null=True, related_name="taken")
    taken_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    listed = models.BooleanField(default=False)
    released_count = models.IntegerField(default=0)
    disputed_count = models.IntegerField(default=0)
    reopened_count = models.IntegerField(default=0)
    extended_count = models.IntegerField(default=0)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    photo_count = models.IntegerField(default=0)
    hidden = models.BooleanField(default=False, db_default=False)
    charge = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="charged")
    source_key = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001 - unique where given

    class Meta:
        db_table = "matters_matter"
        indexes = [
            models.Index(  # carries what the feed looks at before it knows which are nearest
                fields=["cell", "service_code"], include=["id", "lat", "lon", "category", "hidden"],
                name="matter_open_near", condition=Q(state="open"),
            ),
            models.Index(fields=["area", "-raised_at"], name="matter_area"),
            models.Index(
                fields=["charge", "-raised_at"], name="matter_charge", condition=Q(charge__isnull=False)
            ),
            models.Index(fields=["requester", "-raised_at"], name="matter_requester"),
            models.Index(fields=["taken_by", "-taken_at"], name="matter_taker"),
            models.Index(fields=["offered_to"], name="matter_offered", condition=Q(state="offered")),
            models.Index(fields=["due_at"], name="matter_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["-raised_at"], name="matter_open_new", condition=Q(state="open")),
            models.Index(fields=["-raised_at", "-id"], name="matter_new"),
            models.Index(fields=["-closed_at"], name="matter_closed", condition=Q(state="closed")),
            models.Index(
                fields=["entered_at", "id"], name="matter_listed_waits",
                condition=Q(listed=True, state__in=["raised", "open"]),
            ),
            models.Index(
                fields=["due_at", "id"], name="matter_raised_waits", condition=Q(listed=False, state="raised")
            ),
            models.Index(
                fields=["state", "-raised_at", "-id"], name="matter_rare_new",
                condition=Q(state__in=["raised", "offered", "declined", "withdrawn", "merged"]),
            ),
        ]  # fmt: skip


class Handling(models.Model):
    """One pioneer's time with a matter: from the claim to the report, the release or the lapse."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="handlings")
    pioneer = models.ForeignKey(Pioneer, on_delete=models.PROTECT, related_name="handlings")
    claimed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, default="")
    first_reply = models.CharField(max_length=500, blank=True)
    reported_at = models.DateTimeField(null=True)
    report = models.TextField(blank=True)
    helpers = models.CharField(max_length=200, blank=True)
    benefit_yuan = models.BigIntegerField(null=True)
    benefit_kind = models.CharField(  # more earned, or less spent
        max_length=8, choices=[(k, k) for k in ("income", "cost")], default="income", db_default="income"
    )
    jobs = models.IntegerField(null=True)
    benefit_verified_at = models.DateTimeField(null=True)
    benefit_verified_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True)
    benefit_refused_at = models.DateTimeField(null=True)
    index_before = models.FloatField(null=True)

    class Meta:
        db_table = "matters_handling"
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="one_live_handling"
            )
        ]
        indexes = [
            models.Index(fields=["pioneer", "-claimed_at"], name="handling_of_pioneer"),
            BrinIndex(fields=["claimed_at"], name="handling_claimed", pages_per_range=8, autosummarize=True),
            models.Index(
                fields=["reported_at", "id"], name="handling_benefit_waits",
                condition=Q(
                    benefit_yuan__isnull=False, benefit_verified_at__isnull=True, benefit_refused_at__isnull=True
                ),
            ),
        ]  # fmt: skip


class Visit(models.Model):
    """A team called to a handling, and the visit agreed with it; the requester sees who is coming."""

    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="visits")
    team = models.ForeignKey(Pioneer, on_delete=models.PROTECT)
    called_at = models.DateTimeField()
    visit_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "matters_visit"
        constraints = [models.UniqueConstraint(fields=["handling", "team"], name="one_call_a_team")]


class Rating(models.Model):
    """What the requester says of a handling: stars 1 to 5 for skill, attitude, speed, and words.

    `voided_at`: staff have said, with a reason, that these stars do not count; the index leaves them out.
    """

    handling = models.OneToOneField(Handling, on_delete=models.PROTECT, related_name="rating")
    pioneer = models.ForeignKey(Pioneer, on_delete=models.PROTECT, related_name="ratings")
    skill = models.SmallIntegerField()
    attitude = models.SmallIntegerField()
    speed = models.SmallIntegerField()
    text = models.CharField(max_length=500, blank=True)
    hidden = models.BooleanField(default=False, db_default=False)
    rated_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "matters_rating"
        constraints = [
            models.CheckConstraint(
                condition=Q(skill__range=(1, 5), attitude__range=(1, 5), speed__range=(1, 5)),
                name="one_to_five_stars",
            )
        ]
        indexes = [models.Index(fields=["pioneer", "-rated_at"], name="rating_of_pioneer")]


class Message(models.Model):
    """A question or an answer between the requester and one pioneer, about one matter."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="messages")
    pioneer = models.ForeignKey(Pioneer, on_delete=models.PROTECT)
    author = models.ForeignKey(Person, on_delete=models.PROTECT)
    text = models.CharField(max_length=1000)
    hidden = models.BooleanField(default=False, db_default=False)
    sent_at = models.DateTimeField()

    class Meta:
        db_table = "matters_message"
        indexes = [models.Index(fields=["matter", "pioneer", "sent_at"], name="message_thread")]


class Remark(models.Model):
    """The words given with a move: why released, declined, disputed, reopened, extended. Never in the record."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="remarks")
    code = models.CharField(max_length=60)
    author = models.ForeignKey(Person, on_delete=models.PROTECT)
    text = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        db_table = "matters_remark"


class Photo(models.Model):
    """A photograph: first its owner's alone, then part of a matter, of its report, or of a message."""

    key = models.CharField(max_length=32, unique=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, related_name="photos")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="photos")
    purpose = models.CharField(
        max_length=10, default="need", choices=[(p, p) for p in ("need", "report", "message", "check")]
    )
    caption = models.CharField(max_length=60, blank=True)
    width = models.IntegerField()
    height = models.IntegerField()
    taken_in_at = models.DateTimeField()

    class Meta:
        db_table = "matters_photo"


class AbuseReport(models.Model):
    """Somebody says that a matter, a message or a rating should not stand; staff judge it, once.

    `subject_id` is the row of `kind`; `matter` is where it stands, which decides whose staff judge it.
    """

    kind = models.CharField(max_length=10, choices=[(k, k) for k in ("matter", "message", "rating")])
    subject_id = models.BigIntegerField()
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="abuse_reports")
    reporter = models.ForeignKey(Person, on_delete=models.PROTECT)
    reason = models.CharField(max_length=20)
    text = models.CharField(max_length=500, blank=True)
    reported_at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="judged_reports")
    hidden = models.BooleanField(null=True)
    judgement = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "matters_abuse_report"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "reporter"],
                condition=Q(judged_at__isnull=True),
                name="one_waiting_report_a_reporter",
            )
        ]
        indexes = [
            models.Index(
                fields=["reported_at", "id"], name="abuse_waits", condition=Q(judged_at__isnull=True)
            )
        ]  # fmt: skip


class Particulars(models.Model):
    """What came with a matter besides words and a place: answers to its service's questions, and what a program told.

    `contact_sealed` is JSON (first_name, last_name, phone, email …) of somebody who has no account here; `address` is
    where it is, as anybody may read it; `placed` says how sure the point is: 'point', 'area' (the middle of an area
    that was named) or 'city' (nothing was recognised). `token` is exchanged for the matter's number.
    """

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="particulars")
    answers = models.JSONField(default=dict)
    source = models.CharField(max_length=20, blank=True)
    contact_sealed = models.BinaryField(null=True)
    address = models.CharField(max_length=200, blank=True)
    address_code = models.CharField(max_length=60, blank=True)
    media_url = models.CharField(max_length=1000, blank=True)
    placed = models.CharField(
        max_length=10, default="point", choices=[(p, p) for p in ("point", "area", "city")]
    )
    token = models.CharField(max_length=40, null=True, unique=True)  # noqa: DJ001 - unique where given

    class Meta:
        db_table = "matters_particulars"


class OutsideUpdate(models.Model):
    """What a program outside tells of a matter: its own words and state there. It moves nothing here.

    `told_at` is when it happened there, as the program says; `code` is the program's own name for it.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="outside_updates")
    code = models.CharField(max_length=100)
    author = models.ForeignKey(Person, on_delete=models.PROTECT)
    status = models.CharField(max_length=40)
    text = models.CharField(max_length=4000)
    media_url = models.CharField(max_length=1000, blank=True)
    contact_sealed = models.BinaryField(null=True)
    told_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        db_table = "matters_outside_update"
        constraints = [models.UniqueConstraint(fields=["matter", "code"], name="one_outside_update_a_code")]
        indexes = [models.Index(fields=["-told_at", "-id"], name="outside_update_new")]


class SearchKeys(models.Model):
    """The search keys of one matter and what was said publicly of it, beside it: no claim must pay for them."""

    matter = models.OneToOneField(
        Matter, on_delete=models.CASCADE, primary_key=True, related_name="search_keys"
    )
    keys = ArrayField(models.CharField(max_length=40))

    class Meta:
        db_table = "matters_search"
        indexes = [GinIndex(fields=["keys"], name="search_keys")]
