from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0019_changes"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="rsvpchange",
            index=models.Index(fields=["at"], name="rsvp_change_by_time"),
        ),
    ]
