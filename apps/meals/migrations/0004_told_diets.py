import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0026_comfort_facts"),
        ("meals", "0003_snacks"),
    ]

    operations = [
        migrations.CreateModel(
            name="ToldDiet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("diets", models.JSONField(blank=True, default=list)),
                ("allergens", models.JSONField(blank=True, default=list)),
                ("words", models.CharField(blank=True, max_length=200, verbose_name="in their own words")),
                ("round", models.PositiveIntegerField()),
                (
                    "to",
                    models.CharField(
                        choices=[("host", "Tell the host"), ("table", "Tell the table"), ("nobody", "Tell nobody")],
                        max_length=6,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "companion",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="told_diets",
                        to="gatherings.companion",
                    ),
                ),
                (
                    "rsvp",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="told_diets", to="gatherings.rsvp"
                    ),
                ),
            ],
            options={
                "verbose_name": "told diet",
                "verbose_name_plural": "told diets",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("companion", None)), fields=("rsvp",), name="told_diet_once_per_guest"
                    ),
                    models.UniqueConstraint(fields=("companion",), name="told_diet_once_per_companion"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("to", "nobody"), _negated=True),
                            models.Q(("allergens", []), ("diets", []), ("words", "")),
                            _connector="OR",
                        ),
                        name="told_diet_of_nobody_says_nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to__in", ["host", "table", "nobody"])),
                        name="told_diet_is_told_to_somebody",
                    ),
                ],
            },
        ),
    ]
