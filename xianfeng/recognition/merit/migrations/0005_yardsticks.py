from django.db import migrations, models
from django.db.models.deletion import DO_NOTHING, PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("merit", "0004_month_looked_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="Yardsticks",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=20)),
                ("day", models.FloatField()),
                ("held_at", models.DateTimeField()),
                ("orders", models.IntegerField()),
                ("means", models.JSONField()),
                ("raters", models.BinaryField(null=True)),
                ("severities", models.BinaryField(null=True)),
            ],
            options={
                "db_table": "merit_yardsticks",
                "indexes": [models.Index(fields=["day", "version"], name="yardsticks_day")],
            },
        ),
        # A city that runs while it is brought up to date still writes both columns: they stay, unused, until a
        # release after this one drops them.
        migrations.AlterField(
            model_name="account",
            name="run",
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=DO_NOTHING, to="merit.run"),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="account", name="run"),
                migrations.RemoveField(model_name="run", name="norms"),
            ]
        ),
        migrations.AddField(
            model_name="account",
            name="mark",
            field=models.CharField(db_default="", default="", max_length=32),
        ),
        migrations.AddField(
            model_name="run",
            name="touched",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="run",
            name="yardsticks",
            field=models.ForeignKey(null=True, on_delete=PROTECT, to="merit.yardsticks"),
        ),
    ]
