import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("gatherings", "0026_comfort_facts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("cook", "I cook"),
                            ("add", "I cook, you add"),
                            ("everyone", "Everyone brings something"),
                        ],
                        max_length=8,
                        verbose_name="how the food comes",
                    ),
                ),
                (
                    "gathering",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="meal", to="gatherings.gathering"
                    ),
                ),
            ],
            options={
                "verbose_name": "meal",
                "verbose_name_plural": "meals",
            },
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "need",
                    models.CharField(
                        choices=[
                            ("starters", "Starters"),
                            ("mains", "Main dishes"),
                            ("sides", "Sides and salads"),
                            ("dessert", "Dessert"),
                            ("drinks", "Drinks"),
                            ("bread", "Bread"),
                            ("ice", "Ice"),
                            ("chairs", "Chairs"),
                            ("candles", "Candles"),
                            ("lift", "A lift"),
                            ("cooking", "Cooking together"),
                            ("setting-up", "Setting up"),
                            ("washing-up", "Washing up"),
                            ("welcome", "A welcome for first-timers"),
                        ],
                        max_length=12,
                    ),
                ),
                ("more", models.SmallIntegerField()),
                (
                    "meal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="adjustments", to="meals.meal"
                    ),
                ),
            ],
            options={
                "verbose_name": "adjustment",
                "verbose_name_plural": "adjustments",
            },
        ),
        migrations.AddConstraint(
            model_name="meal",
            constraint=models.CheckConstraint(
                condition=models.Q(("how__in", ["cook", "add", "everyone"])), name="meal_comes_in_a_known_way"
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.UniqueConstraint(fields=("meal", "need"), name="adjustment_once_per_need"),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(("more__range", (-12, 12)), models.Q(("more", 0), _negated=True)),
                name="adjustment_is_small",
            ),
        ),
    ]
