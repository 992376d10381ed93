import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0007_history_of_rsvps"),
    ]

    operations = [
        migrations.CreateModel(
            name="Companion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_child", models.BooleanField(default=False)),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="their name")),
                ("is_agreed", models.BooleanField(default=True)),
                ("needs", models.CharField(blank=True, max_length=200, verbose_name="what they need at the table")),
            ],
            options={
                "verbose_name": "companion",
                "verbose_name_plural": "companions",
            },
        ),
        migrations.AddField(
            model_name="companion",
            name="rsvp",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="companions", to="gatherings.rsvp"
            ),
        ),
    ]
