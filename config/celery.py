import logging
import os
from functools import partialmethod
from typing import Any

import kombu
from celery import Celery
from celery.app.amqp import AMQP
from celery.bootsteps import StartStopStep
from kombu.exceptions import OperationalError
from kombu.transport.redis import Transport

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
logger = logging.getLogger(__name__)
LONGEST_WAIT = 5  # seconds between two tries to find a broker that is away; Celery would come to half a minute

# While a task is at work kombu 5.7 stumbles over a connection that is lost, with an AttributeError of its own, and the
# worker would end. It is to connect anew, as after any other error of its connection.
Transport.connection_errors += (AttributeError,)


class Connection(kombu.Connection):
    """Of worker and beat, which Celery lets wait ever longer and has no setting for."""

    ensure_connection = partialmethod(kombu.Connection.ensure_connection, interval_max=LONGEST_WAIT)


class Amqp(AMQP):
    Connection = Connection


class LookFirst(StartStopStep):
    """A worker that has just found the broker sweeps at once: nobody could wake it, and no beat reach it, before."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def start(self, parent: Any) -> None:
        sweeps = [entry for entry in app.conf.beat_schedule.values() if entry["task"].endswith(".minute")]
        try:
            for entry in sweeps:
                app.send_task(entry["task"], connection=parent.connection, retry=False, **entry["options"])
        except OperationalError:
            logger.warning("The broker is away again; it is looked for anew.")


app = Celery("pull_up_a_chair", amqp=Amqp)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add(LookFirst)
