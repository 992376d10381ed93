import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0010_pictures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Diet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("diets", models.JSONField(blank=True, default=list)),
                ("allergens", models.JSONField(blank=True, default=list)),
                ("words", models.CharField(blank=True, max_length=200, verbose_name="in their own words")),
                ("consent_words", models.CharField(max_length=300)),
                ("consented_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="diet", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "diet",
                "verbose_name_plural": "diets",
            },
        ),
    ]
