from django.db import migrations, models


class Migration(migrations.Migration):
    """One nudge or digest a week for each member."""

    dependencies = [("outbox", "0002_ranks")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="budget_week",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=["member", "budget_week"], name="message_one_nudge_a_week"),
        ),
    ]
