from django.db import migrations, models
from django.db.models import Q

from apps.gatherings.migrations._beside import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False  # so that the indexes may be built while others write

    dependencies = [("gatherings", "0021_opens_door")]

    operations: list[migrations.operations.base.Operation] = [
        AddIndexBeside(
            "gathering", models.Index(fields=["ends_at"], condition=Q(state="published"), name="gathering_by_end")
        ),
        AddIndexBeside(
            "gathering",
            models.Index(fields=["cancelled_at"], condition=Q(state="cancelled"), name="gathering_called_off"),
        ),
        AddIndexBeside(
            "rsvp",
            models.Index(fields=["changed_at"], condition=Q(state__in=["left", "declined"]), name="rsvp_given_back"),
        ),
        AddIndexBeside("rsvp", models.Index(fields=["gathering"], condition=Q(has_missed=True), name="rsvp_missed")),
    ]
