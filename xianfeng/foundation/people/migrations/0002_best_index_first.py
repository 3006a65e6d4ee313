from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    """The directory puts those without an index last; the old index kept them first and was of no use to it."""

    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RemoveIndex("pioneer", "pioneer_index"),
        migrations.AddIndex(
            "pioneer", models.Index(F("index").desc(nulls_last=True), "id", name="pioneer_index_best")
        ),
    ]
