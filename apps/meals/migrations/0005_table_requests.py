import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0026_comfort_facts"),
        ("meals", "0004_told_diets"),
    ]

    operations = [
        migrations.CreateModel(
            name="TableRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=200, verbose_name="in your own words")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "gathering",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="table_request",
                        to="gatherings.gathering",
                    ),
                ),
            ],
            options={
                "verbose_name": "request to the table",
                "verbose_name_plural": "requests to the table",
            },
        ),
    ]
