import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0009_shut_out"),
    ]

    operations = [
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(blank=True, editable=False, max_length=32)),
                ("sent", models.CharField(blank=True, editable=False, max_length=32)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("has_failed", models.BooleanField(default=False, editable=False)),
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="picture", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "picture",
                "verbose_name_plural": "pictures",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("has_failed", False), ("key", ""), ("sent", ""), _negated=True),
                        name="picture_is_there_or_sent_or_failed",
                    )
                ],
            },
        ),
    ]
