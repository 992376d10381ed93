import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("gatherings", "0026_comfort_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Film",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="length in minutes")),
                ("language", models.CharField(blank=True, max_length=60, verbose_name="language")),
                (
                    "captions",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "Neither subtitles nor captions"),
                            ("subtitles", "Subtitles"),
                            ("captions", "Captions, which tell of sounds, too"),
                        ],
                        max_length=10,
                        verbose_name="to read along",
                    ),
                ),
                ("captions_language", models.CharField(blank=True, max_length=60, verbose_name="in which language")),
                ("why", models.CharField(blank=True, max_length=200, verbose_name="why this one")),
                ("content", models.JSONField(blank=True, default=list, verbose_name="what it holds")),
                ("content_words", models.CharField(blank=True, max_length=300, verbose_name="in your words")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "gathering",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="films", to="gatherings.gathering"
                    ),
                ),
            ],
            options={
                "verbose_name": "film",
                "verbose_name_plural": "films",
            },
        ),
        migrations.CreateModel(
            name="Showing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins_after", models.PositiveSmallIntegerField(default=15)),
                (
                    "break_minutes",
                    models.PositiveSmallIntegerField(default=0, verbose_name="a break of so many minutes"),
                ),
                ("talk_minutes", models.PositiveSmallIntegerField(default=30, verbose_name="minutes to talk after")),
                ("vote_until", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "chosen",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="movies.film",
                    ),
                ),
                (
                    "gathering",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="showing", to="gatherings.gathering"
                    ),
                ),
            ],
            options={
                "verbose_name": "showing",
                "verbose_name_plural": "showings",
            },
        ),
        migrations.AddConstraint(
            model_name="film",
            constraint=models.UniqueConstraint(fields=("gathering", "place"), name="film_one_per_place"),
        ),
        migrations.AddConstraint(
            model_name="film",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__range", (1, 7))), name="film_is_one_of_seven"
            ),
        ),
        migrations.AddConstraint(
            model_name="film",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__range", (1, 420))), name="film_ends_the_same_evening"
            ),
        ),
        migrations.AddConstraint(
            model_name="film",
            constraint=models.CheckConstraint(
                condition=models.Q(("year", None), ("year__range", (1880, 2200)), _connector="OR"),
                name="film_is_of_a_year_with_films",
            ),
        ),
        migrations.AddConstraint(
            model_name="showing",
            constraint=models.CheckConstraint(
                condition=models.Q(("begins_after__lte", 120), ("break_minutes__lte", 60), ("talk_minutes__lte", 120)),
                name="showing_fits_into_an_evening",
            ),
        ),
        migrations.AddConstraint(
            model_name="showing",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_at", None), ("vote_until__isnull", False), _connector="OR"),
                name="showing_closes_a_vote",
            ),
        ),
        migrations.AddConstraint(
            model_name="showing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("vote_until", None), ("closed_at__isnull", False), ("chosen", None), _connector="OR"
                ),
                name="showing_has_no_film_while_it_is_chosen",
            ),
        ),
    ]
