import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0026_comfort_facts"),
        ("meals", "0001_meals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Dish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveIntegerField(default=0)),
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
                        verbose_name="what it is",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("what", models.CharField(blank=True, max_length=80, verbose_name="what you bring")),
                ("serves", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="for how many")),
                ("diets", models.JSONField(blank=True, default=list)),
                ("allergens", models.JSONField(blank=True, default=list)),
                ("is_sure", models.BooleanField(blank=True, null=True)),
                ("needs_oven", models.BooleanField(default=False, verbose_name="needs the oven")),
                ("needs_fridge", models.BooleanField(default=False, verbose_name="needs the fridge")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "bringer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="dishes", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "gathering",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="dishes", to="gatherings.gathering"
                    ),
                ),
            ],
            options={
                "verbose_name": "dish",
                "verbose_name_plural": "dishes",
                "constraints": [
                    models.UniqueConstraint(fields=("gathering", "need", "place"), name="dish_one_per_place"),
                    models.CheckConstraint(
                        condition=models.Q(("place", None), ("place__gte", 1), _connector="OR"),
                        name="dish_place_counts_from_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("serves", None), ("serves__range", (1, 50)), _connector="OR"),
                        name="dish_serves_some_people",
                    ),
                ],
            },
        ),
    ]
