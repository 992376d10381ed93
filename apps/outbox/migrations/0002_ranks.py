from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Codes go before what somebody counts on, and that before nudges."""

    dependencies = [("outbox", "0001_messages")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="rank",
            field=models.PositiveSmallIntegerField(default=1, db_default=1),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=Q(state="waiting"), fields=["rank", "due_at"], name="message_waiting_by_rank"),
        ),
        migrations.RemoveIndex(model_name="message", name="message_waiting_by_due"),
    ]
