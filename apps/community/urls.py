from django.urls import path

from apps.community import views

app_name = "community"

urlpatterns = [
    path("help/", views.help, name="help"),
    path("promise/", views.promise, name="promise"),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
]
