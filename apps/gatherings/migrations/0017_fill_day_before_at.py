from zoneinfo import ZoneInfo

from django.db import migrations
from django.utils import timezone

from apps.gatherings.timing import day_before

AT_ONCE = 500


def fill(apps, schema_editor):
    """In small steps, each its own transaction, so that nobody waits for it; run again it goes on where it stopped."""
    unfilled = apps.get_model("gatherings", "Gathering").objects.filter(day_before_at=None, ends_at__gt=timezone.now())
    while some := list(unfilled.only("starts_at", "time_zone")[:AT_ONCE]):
        for gathering in some:
            gathering.day_before_at = day_before(gathering.starts_at, ZoneInfo(gathering.time_zone))
        unfilled.model.objects.bulk_update(some, ["day_before_at"])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("gatherings", "0016_day_before_at"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
