import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0003_budget"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("is_given", models.BooleanField()),
                ("words", models.CharField(max_length=300)),
                ("said_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "indexes": [
                    models.Index(condition=models.Q(is_given=True), fields=["kind"], name="consent_given_by_kind")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("member", "kind"), name="consent_once_per_member_and_kind")
                ],
            },
        ),
    ]
