from django.urls import path

from apps.steps import views

app_name = "steps"

urlpatterns = [path("table/", views.table, name="table")]
