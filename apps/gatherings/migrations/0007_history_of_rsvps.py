import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0006_with_the_seat"),
    ]

    operations = [
        migrations.CreateModel(
            name="RsvpChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
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
                ("party", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "change of an RSVP",
                "verbose_name_plural": "changes of RSVPs",
            },
        ),
        migrations.AddField(
            model_name="rsvpchange",
            name="rsvp",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="history", to="gatherings.rsvp"
            ),
        ),
        migrations.AddIndex(
            model_name="rsvpchange",
            index=models.Index(fields=["rsvp", "round"], name="rsvp_change_by_round"),
        ),
    ]
