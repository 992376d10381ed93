from django.urls import path

from apps.steps import views

app_name = "steps"

urlpatterns = [
    path("table/", views.table, name="table"),
    path("table/not-this-time/", views.not_this_time, name="not_this_time"),
    path("table/door/<slug:key>/", views.door, name="door"),
]
