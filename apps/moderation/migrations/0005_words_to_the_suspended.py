from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0004_let_back")]

    operations = [
        migrations.AddField(
            "suspension", "words", models.TextField(blank=True, default="", max_length=1000), preserve_default=False
        ),
    ]
