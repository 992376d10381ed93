from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("profiles", "0002_last_seen")]

    operations = [
        migrations.AddField(
            model_name="member",
            name="is_discreet",
            field=models.BooleanField(
                default=False,
                db_default=False,
                help_text="A neutral sender and subject, and a neutral title in your calendar.",
                verbose_name="discreet mail",
            ),
        ),
        migrations.AddField(
            model_name="member",
            name="nudges_paused_until",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
