import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0013_notes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("weekly", "every week"),
                            ("fortnightly", "every two weeks"),
                            ("monthly", "every month, on the same weekday"),
                        ],
                        max_length=12,
                        verbose_name="how often",
                    ),
                ),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("renewals", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "series",
                "verbose_name_plural": "series",
            },
        ),
        migrations.CreateModel(
            name="StandingRsvp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "standing RSVP",
                "verbose_name_plural": "standing RSVPs",
            },
        ),
        migrations.AddField(
            model_name="gathering",
            name="series_day",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="series",
            name="host",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="series", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="gathering",
            name="series",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="dates",
                to="gatherings.series",
            ),
        ),
        migrations.AddConstraint(
            model_name="gathering",
            constraint=models.UniqueConstraint(
                fields=("series", "series_day"), name="gathering_once_per_series_and_day"
            ),
        ),
        migrations.AddField(
            model_name="standingrsvp",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="standing", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="standingrsvp",
            name="series",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="standing", to="gatherings.series"
            ),
        ),
        migrations.AddConstraint(
            model_name="standingrsvp",
            constraint=models.UniqueConstraint(fields=("series", "member"), name="standing_once_per_series_and_member"),
        ),
    ]
