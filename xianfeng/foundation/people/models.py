"""Persons and what they are: pioneers, collectives, firms, organisations, posts; and how they sign in."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F

from xianfeng.foundation.kernel.erased import Words
from xianfeng.foundation.places.models import Area
from xianfeng.foundation.record.models import Chained


class Person(Chained):
    """Somebody who signs in with a mobile number. The number is kept sealed and found by its keyed hash.

    `joined_at` is since when we know them, `signed_in_at` when they first signed in themselves (None: never).
    """

    name = models.CharField(max_length=60, blank=True)
    mobile_sealed = models.BinaryField()
    mobile_hash = models.BinaryField(unique=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    language = models.CharField(max_length=10, default="")
    mode = models.CharField(max_length=10, default="")
    joined_at = models.DateTimeField()
    signed_in_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_person"


class Organisation(Chained):
    """A mass organisation (群团) at one area: kind is one of the catalogue's, area the city or a county."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120)
    seal = models.CharField(max_length=2)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)

    class Meta:
        db_table = "people_organisation"


class Firm(Chained):
    """A verified requester; the responsible person posts, confirms and rates for it."""

    name = models.CharField(max_length=80)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    responsible = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="firms")
    verified_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_firm"


class Pioneer(Chained):
    """Who answers: an individual or a collective, recognised by an organisation.

    `held` counts what is taken at this moment; `kin` are the persons whose needs this pioneer may not take.
    `spokesperson` is who acts: the person, or the collective's speaker.
    """

    kind = models.CharField(
        max_length=12, choices=[("individual", "individual"), ("collective", "collective")]
    )
    name = Words(max_length=60)
    spokesperson = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="speaks_for")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    skills = ArrayField(models.CharField(max_length=30), default=list)
    motto = models.CharField(max_length=120, blank=True)
    deed = models.TextField(blank=True)
    avatar = models.CharField(max_length=30, blank=True)
    lat = models.FloatField()
    lon = models.FloatField()
    cell = models.BigIntegerField()
    held = models.IntegerField(default=0)
    suspended_at = models.DateTimeField(null=True)
    kin = ArrayField(models.BigIntegerField(), default=list)
    search = ArrayField(models.CharField(max_length=60), default=list)
    helped = models.IntegerField(default=0)
    index = models.FloatField(null=True)
    index_without_honours = models.FloatField(null=True)
    index_parts = models.JSONField(default=dict)
    index_interval = models.FloatField(null=True)
    index_version = models.CharField(max_length=20, blank=True)
    index_as_of = models.DateTimeField(null=True)
    since = models.DateTimeField()

    class Meta:
        db_table = "people_pioneer"
        indexes = [
            GinIndex(fields=["search"], name="pioneer_search"),
            models.Index(F("index").desc(nulls_last=True), "id", name="pioneer_index_best"),
            models.Index(fields=["cell"], name="pioneer_cell"),
            models.Index(fields=["-since", "-id"], name="pioneer_new"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(held__gte=0), name="pioneer_holds_none_or_more"),
            models.UniqueConstraint(
                fields=["spokesperson"], condition=models.Q(kind="individual"), name="one_individual_a_person"
            ),
        ]


class Membership(models.Model):
    """A person's place in a collective."""

    collective = models.ForeignKey(Pioneer, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_membership"
        constraints = [
            models.UniqueConstraint(
                fields=["collective", "person"],
                condition=models.Q(until__isnull=True),
                name="one_live_membership",
            )
        ]


class Recognition(models.Model):
    """An organisation says that somebody is a pioneer: since when, until when, suspended or not.

    `number` is the organisation's own for it, '' where it has none: lists that are taken in again find it by that.
    """

    pioneer = models.ForeignKey(Pioneer, on_delete=models.PROTECT, related_name="recognitions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    title = models.CharField(max_length=60)
    level = models.CharField(max_length=12, default="county")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    number = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        db_table = "people_recognition"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "number"],
                condition=~models.Q(number=""),
                name="one_recognition_a_number",
            )
        ]


class PioneerRemark(models.Model):
    """The words with which staff suspended or reinstated a pioneer. Never in the record."""

    pioneer = models.ForeignKey(Pioneer, on_delete=models.PROTECT, related_name="remarks")
    code = models.CharField(max_length=60)
    author = models.ForeignKey(Person, on_delete=models.PROTECT)
    text = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        db_table = "people_pioneer_remark"


class Post(models.Model):
    """A term in a post: a role (catalogue/roles.toml) in an area, of an organisation or a sector where it has one.

    `deputy`: this person stands in while the holder is away or nobody holds the post. `away_…`: the holder acts not.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=30)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    sector = models.CharField(max_length=30, blank=True, default="", db_default="")
    deputy = models.BooleanField(default=False, db_default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    away_since = models.DateTimeField(null=True)
    away_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_post"
        indexes = [models.Index(fields=["role", "area"], name="post_of_area")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="post_ends_after_it_begins",
            )
        ]


class SignInCode(models.Model):
    """A one-time code, hashed; it ends with time, with use, or with too many tries."""

    mobile_hash = models.BinaryField()
    code_hash = models.BinaryField()
    address_hash = models.BinaryField()
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_sign_in_code"
        indexes = [
            models.Index(fields=["mobile_hash", "-at"], name="code_of_mobile"),
            models.Index(fields=["address_hash", "-at"], name="code_of_address"),
        ]


class Session(models.Model):
    """A sign-in on one device; only the token's hash is kept."""

    token_hash = models.BinaryField(unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sessions")
    device = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_session"


class Consent(models.Model):
    """A person agreed to one version of the privacy notice."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    version = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        db_table = "people_consent"
        constraints = [models.UniqueConstraint(fields=["person", "version"], name="one_consent_a_version")]


class ApiKey(models.Model):
    """A program's way in: it acts for an account of its own. Only the key's hash is kept, and how it begins.

    `minute_count` counts what was asked in the minute that began at `minute_at`, at most `per_minute`.
    """

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="api_key")
    label = models.CharField(max_length=60)
    begins = models.CharField(max_length=12)
    key_hash = models.BinaryField(unique=True)
    per_minute = models.IntegerField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="issued_keys")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="revoked_keys")
    minute_at = models.DateTimeField(null=True)
    minute_count = models.IntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_api_key"
        constraints = [
            models.CheckConstraint(condition=models.Q(per_minute__gt=0), name="api_key_some_a_minute")
        ]
