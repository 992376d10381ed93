import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("pull_up_a_chair")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
