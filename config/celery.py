import os

from celery import Celery
from kombu.transport.redis import Transport

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# While a task is at work kombu 5.7 stumbles over a connection that is lost, with an AttributeError of its own, and the
# worker would end. It is to connect anew, as after any other error of its connection.
Transport.connection_errors += (AttributeError,)

app = Celery("pull_up_a_chair")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
