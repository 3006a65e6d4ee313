import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("honours", "0002_picks_and_nurturing"),
        ("matters", "0001_initial"),
        ("people", "0004_signed_in_at"),
        ("showcase", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Grade",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("index", models.FloatField()),
                ("grade", models.CharField(blank=True, max_length=12)),
            ],
            options={
                "db_table": "honours_grade",
            },
        ),
        migrations.CreateModel(
            name="GradeReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record_head", models.BinaryField(default=b"")),
                ("record_length", models.IntegerField(default=0)),
                ("year", models.IntegerField(unique=True)),
                ("edition", models.IntegerField()),
                ("reviewed_at", models.DateTimeField()),
                ("counts", models.JSONField()),
            ],
            options={
                "db_table": "honours_grade_review",
            },
        ),
        migrations.AddField(
            model_name="item",
            name="achievement",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="showcase.achievement"
            ),
        ),
        migrations.AlterField(
            model_name="item",
            name="kind",
            field=models.CharField(
                choices=[
                    ("deed", "deed"),
                    ("matter", "matter"),
                    ("achievement", "achievement"),
                    ("file", "file"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("dossier", "achievement"),
                name="one_item_an_achievement",
            ),
        ),
        migrations.AddField(
            model_name="grade",
            name="pioneer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="grades", to="people.pioneer"
            ),
        ),
        migrations.AddField(
            model_name="grade",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="grades", to="honours.gradereview"
            ),
        ),
        migrations.AddIndex(
            model_name="grade",
            index=models.Index(fields=["pioneer"], name="grade_of_pioneer"),
        ),
        migrations.AddConstraint(
            model_name="grade",
            constraint=models.UniqueConstraint(fields=("review", "pioneer"), name="one_grade_a_review"),
        ),
    ]
