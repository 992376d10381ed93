from django.db import migrations, models


class Migration(migrations.Migration):
    """What has been before counts as told: no host is written to about it now."""

    dependencies = [
        ("gatherings", "0019_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="rsvpchange",
            name="is_told",
            field=models.BooleanField(default=True, db_default=True),
        ),
        migrations.AlterField(
            model_name="rsvpchange",
            name="is_told",
            field=models.BooleanField(default=False, db_default=False),
        ),
        migrations.AddIndex(
            model_name="rsvpchange",
            index=models.Index(
                fields=["at"],
                condition=models.Q(is_told=False, state__in=["seated", "left", "waitlisted"]),
                name="rsvp_change_untold",
            ),
        ),
    ]
