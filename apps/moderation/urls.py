from django.urls import path

from apps.moderation.views import queue, reporting

app_name = "moderation"

urlpatterns = [
    path("report/", reporting.report, name="report"),
    path("report/received/", reporting.received, name="received"),
    path("gatherings/<slug:key>/report/", reporting.report_gathering, name="report_gathering"),
    path("moderation/", queue.queue, name="queue"),
    path("moderation/<slug:key>/", queue.one, name="one"),
    path("moderation/<slug:key>/<slug:act>/", queue.act, name="act"),
]
