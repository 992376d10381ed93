from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("profiles", "0001_members")]

    operations = [
        migrations.AddField(
            model_name="member",
            name="last_seen_on",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
    ]
