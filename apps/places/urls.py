from django.urls import path

from apps.places import views

app_name = "places"

urlpatterns = [
    path("towns/", views.towns, name="towns"),
]
