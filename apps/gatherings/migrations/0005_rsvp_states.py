from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0004_invitation_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="rsvp",
            name="host_words",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="rsvp",
            name="is_first_time",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="rsvp",
            name="is_straight_away",
            field=models.BooleanField(default=False, verbose_name="seat me straight away"),
        ),
        migrations.AddField(
            model_name="rsvp",
            name="offered_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="rsvp",
            name="party",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="rsvp",
            name="turn",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="rsvp",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "asked the host"),
                    ("seated", "seated"),
                    ("waitlisted", "on the waitlist"),
                    ("offered", "offered a seat"),
                    ("left", "left"),
                    ("declined", "declined"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="rsvp",
            index=models.Index(
                condition=models.Q(("state", "offered")), fields=["offered_until"], name="rsvp_offers_by_end"
            ),
        ),
        migrations.AddConstraint(
            model_name="rsvp",
            constraint=models.UniqueConstraint(fields=("gathering", "turn"), name="rsvp_one_per_turn"),
        ),
        migrations.AddConstraint(
            model_name="rsvp",
            constraint=models.CheckConstraint(
                condition=models.Q(("party__gte", 1), ("party__lte", 6)), name="rsvp_party_is_small"
            ),
        ),
        migrations.AddConstraint(
            model_name="rsvp",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "waitlisted"), ("turn__isnull", False)),
                    models.Q(models.Q(("state", "waitlisted"), _negated=True), ("turn__isnull", True)),
                    _connector="OR",
                ),
                name="rsvp_waitlisted_has_a_turn",
            ),
        ),
        migrations.AddConstraint(
            model_name="rsvp",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("offered_until__isnull", False), ("state", "offered")),
                    models.Q(models.Q(("state", "offered"), _negated=True), ("offered_until__isnull", True)),
                    _connector="OR",
                ),
                name="rsvp_offer_has_an_end",
            ),
        ),
    ]
