from django.urls import path

from apps.profiles import views

app_name = "profiles"

urlpatterns = [
    path("accounts/introduce/", views.introduce, name="introduce"),
    path("settings/", views.own_settings, name="settings"),
]
