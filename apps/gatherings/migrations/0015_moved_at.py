from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0014_series"),
    ]

    operations = [
        migrations.AddField(
            model_name="gathering",
            name="moved_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
