from django.urls import path

from apps.moderation.views import queue, reporting, trusted

app_name = "moderation"

urlpatterns = [
    path("report/", reporting.report, name="report"),
    path("report/received/", reporting.received, name="received"),
    path("gatherings/<slug:key>/report/", reporting.report_gathering, name="report_gathering"),
    path("gatherings/<slug:key>/trusted/", trusted.trusted, name="trusted"),
    path("trusted/<slug:token>/", trusted.trusted_open, name="trusted_open"),
    path("moderation/", queue.queue, name="queue"),
    path("moderation/<slug:key>/", queue.one, name="one"),
    path("moderation/<slug:key>/<slug:act>/", queue.act, name="act"),
]
