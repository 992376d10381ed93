"""What the pages are measured beside: a bare Django view that renders a plain list of 20 rows from one query."""

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone


class Row(models.Model):
    key = models.CharField(max_length=10)
    title = models.CharField(max_length=80)
    area = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    seats = models.IntegerField()
    seats_taken = models.IntegerField()
    state = models.CharField(max_length=10)

    objects: models.Manager["Row"] = models.Manager()

    class Meta:
        app_label = "bare"
        managed = False
        db_table = "gatherings_gathering"


LIST = engines["django"].from_string(
    "<!doctype html><title>Gatherings</title><ul>{% for row in rows %}"
    '<li><a href="/gatherings/{{ row.key }}/">{{ row.title }}</a>, {{ row.area }}, '
    '{{ row.starts_at|date:"l j F, H:i" }}, '
    "{{ row.seats_taken }} of {{ row.seats }} seats taken</li>{% endfor %}</ul>"
)


def plain_list(request: HttpRequest) -> HttpResponse:
    rows = Row.objects.filter(state="published", starts_at__gt=timezone.now()).order_by("starts_at")[:20]
    return HttpResponse(LIST.render({"rows": rows}, request))


urlpatterns = [path("", plain_list)]
