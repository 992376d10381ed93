from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0015_moved_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="gathering",
            name="day_before_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
