from django.urls import path

from apps.privacy import views

app_name = "privacy"

urlpatterns = [
    path("settings/export/", views.export, name="export"),
    path("settings/export/<slug:key>/", views.export_file, name="export_file"),
    path("settings/leave/", views.leave, name="leave"),
    path("left/", views.left, name="left"),
]
