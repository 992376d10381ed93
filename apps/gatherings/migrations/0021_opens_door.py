from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0020_told_to_hosts"),
    ]

    operations = [
        migrations.AddField(
            model_name="rsvp",
            name="opens_door",
            field=models.BooleanField(blank=True, default=None, null=True),
        ),
    ]
