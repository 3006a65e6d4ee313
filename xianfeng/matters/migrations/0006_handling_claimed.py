import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("matters", "0005_charge")]

    operations = [
        migrations.AddIndex(
            model_name="handling",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["claimed_at"], name="handling_claimed", pages_per_range=8
            ),
        ),
    ]
