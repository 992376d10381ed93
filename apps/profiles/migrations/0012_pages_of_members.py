import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0011_diets"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="languages",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=120, verbose_name="languages spoken"
            ),
        ),
        migrations.AddField(
            model_name="member",
            name="welcomed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.CreateModel(
            name="Needs",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=200, verbose_name="in their own words")),
                ("consent_words", models.CharField(max_length=300)),
                ("consented_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="needs", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "what helps a member",
                "verbose_name_plural": "what helps members",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("words", ""), _negated=True), name="needs_say_something")
                ],
            },
        ),
        migrations.CreateModel(
            name="ProfileAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                ("prompt", models.CharField(max_length=30)),
                ("words", models.CharField(max_length=200, verbose_name="in their own words")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "answer on a member’s page",
                "verbose_name_plural": "answers on members’ pages",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("member", "prompt"), name="profile_answer_once_per_member_and_prompt"
                    ),
                    models.UniqueConstraint(fields=("member", "place"), name="profile_answer_one_per_place"),
                    models.CheckConstraint(
                        condition=models.Q(("place__gte", 1), ("place__lte", 3)), name="profile_answer_is_one_of_three"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="profile_answer_says_something"
                    ),
                ],
            },
        ),
    ]
