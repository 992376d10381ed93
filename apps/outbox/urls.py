from django.urls import path

from apps.outbox import views

app_name = "outbox"

urlpatterns = [
    path("m/<str:token>/", views.mail_link, name="mail_link"),
    path("settings/mail/", views.switches, name="switches"),
]
