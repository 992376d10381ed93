from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("profiles", "0004_session_round")]

    operations = [
        migrations.CreateModel(
            name="HouseRules",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                (
                    "who_may_look",
                    models.CharField(
                        choices=[("everyone", "Everyone"), ("members", "Members only")],
                        default="everyone",
                        max_length=10,
                        verbose_name="who may look",
                    ),
                ),
                (
                    "who_may_join",
                    models.CharField(
                        choices=[
                            ("anyone", "Anyone"),
                            ("invited", "Whoever is invited"),
                            ("asked", "Whoever a keeper says yes to"),
                        ],
                        default="anyone",
                        max_length=10,
                        verbose_name="who may join",
                    ),
                ),
                ("members_invite", models.BooleanField(default=False, verbose_name="members may invite others")),
                (
                    "answered_by",
                    models.CharField(blank=True, max_length=120, verbose_name="who answers when something is wrong"),
                ),
                ("answered_within", models.CharField(blank=True, max_length=60, verbose_name="within which time")),
                ("crisis_line", models.CharField(blank=True, max_length=200, verbose_name="a crisis line")),
                ("join_link", models.CharField(blank=True, editable=False, max_length=22)),
                ("join_link_until", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "promise_additions",
                    models.TextField(blank=True, max_length=1200, verbose_name="what you add to the promise"),
                ),
                ("promise_version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "house rules",
                "verbose_name_plural": "house rules",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="house_rules_are_one_row")],
            },
        ),
        migrations.AddField(
            model_name="member",
            name="promise_version",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
