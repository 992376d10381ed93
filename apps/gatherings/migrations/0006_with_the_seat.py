from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0005_rsvp_states"),
    ]

    operations = [
        migrations.AddField(
            model_name="rsvp",
            name="has_missed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="rsvp",
            name="is_absent",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="rsvp",
            name="minutes_late",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="rsvp",
            name="note",
            field=models.CharField(blank=True, max_length=300, verbose_name="something my host should know"),
        ),
        migrations.AddField(
            model_name="rsvp",
            name="said_yes_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="rsvp",
            name="wants_space",
            field=models.BooleanField(default=False, verbose_name="leave a space without a chair"),
        ),
        migrations.AddConstraint(
            model_name="rsvp",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("has_missed", False), ("is_absent", False)), ("state", "seated"), _connector="OR"
                ),
                name="rsvp_only_the_seated_miss_it",
            ),
        ),
    ]
