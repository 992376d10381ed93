from django.urls import path

from apps.reminders import views

app_name = "reminders"

urlpatterns = [path("near/<slug:slug>/tell-me/", views.tell_me, name="tell_me")]
