import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0004_consents")]

    operations = [
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.EmailField(max_length=254, unique=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("refused", "the mail server refused it"),
                            ("bounced", "mail came back"),
                            ("complained", "marked as unwanted"),
                            ("asked", "asked not to be written to"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "suppressed address",
                "verbose_name_plural": "suppressed addresses",
            },
        ),
    ]
