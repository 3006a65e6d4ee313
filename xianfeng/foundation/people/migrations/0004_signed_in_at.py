"""When somebody first signed in themselves, apart from when they were entered; remembered sessions hear of it."""

from django.db import migrations, models

WHO_SIGNED_IN = """UPDATE people_person p SET signed_in_at = p.joined_at WHERE EXISTS (
    SELECT FROM record_entry e WHERE e.subject_kind = 'person' AND e.subject_id = p.id AND e.code = 'person.joined'
        AND e.actor_kind = 'person' AND e.actor_id = p.id)"""

WATCH = """DROP TRIGGER people_person_changed ON people_person;
CREATE TRIGGER people_person_changed
    AFTER UPDATE OF name, mobile_sealed, mobile_hash, area_id, lat, lon, language, mode, joined_at, left_at{more} OR DELETE
    ON people_person FOR EACH STATEMENT EXECUTE FUNCTION people_changed();"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_remembered"),
        ("record", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="person", name="signed_in_at", field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(WHO_SIGNED_IN, migrations.RunSQL.noop),
        migrations.RunSQL(WATCH.format(more=", signed_in_at"), WATCH.format(more="")),
    ]  # fmt: skip
