import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0001_gatherings_and_rsvps"),
    ]

    operations = [
        migrations.AddField(
            model_name="gathering",
            name="asks_first",
            field=models.BooleanField(default=False, verbose_name="the host says yes to each guest first"),
        ),
        migrations.AddField(
            model_name="gathering",
            name="goes_ahead",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="gathering",
            name="kept_left",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="gathering",
            name="least_guests",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="goes ahead with at least"),
        ),
        migrations.AddField(
            model_name="gathering",
            name="most_companions",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="how many a guest may bring"),
        ),
        migrations.AddField(
            model_name="gathering",
            name="seats_kept",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="seats kept for first-timers"),
        ),
        migrations.AlterField(
            model_name="gathering",
            name="address_from",
            field=models.CharField(
                choices=[
                    ("now", "At once, with their seat"),
                    ("day-before", "From the day before"),
                    ("asked", "With their seat, but I say yes to each guest first"),
                ],
                default="day-before",
                max_length=12,
                verbose_name="when guests see the address",
            ),
        ),
        migrations.AddConstraint(
            model_name="gathering",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "seats_kept__lte",
                        django.db.models.expressions.CombinedExpression(models.F("seats_wanted"), "/", models.Value(2)),
                    )
                ),
                name="gathering_keeps_half_its_seats_at_most",
            ),
        ),
        migrations.AddConstraint(
            model_name="gathering",
            constraint=models.CheckConstraint(
                condition=models.Q(("most_companions__lte", 5)), name="gathering_companions_are_few"
            ),
        ),
        migrations.AddConstraint(
            model_name="gathering",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("asks_first", True), models.Q(("address_from", "asked"), _negated=True), _connector="OR"
                ),
                name="gathering_asked_address_asks_first",
            ),
        ),
    ]
