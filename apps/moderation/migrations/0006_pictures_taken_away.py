from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0005_words_to_the_suspended")]

    operations = [
        migrations.AlterField(
            "word",
            "what",
            models.CharField(
                choices=[
                    ("warning", "a warning"),
                    ("question", "a question to whoever reported"),
                    ("picture", "a picture taken away"),
                    ("suspension", "a suspension"),
                    ("ban", "a ban"),
                    ("back", "an account that is open again"),
                    ("host-now", "a gathering handed over"),
                ],
                max_length=12,
            ),
        ),
    ]
