from django.urls import path

from apps.gatherings import views
from apps.gatherings.views import hosting

app_name = "gatherings"

urlpatterns = [
    path("", views.browse, name="browse"),
    path("near/<slug:slug>/", views.near, name="near"),
    path("gatherings/<slug:key>/", views.detail, name="detail"),
    path("gatherings/<slug:key>/rsvp/", views.rsvp, name="rsvp"),
    path("gatherings/<slug:key>/leave/", views.leave, name="leave"),
    path("gatherings/<slug:key>/preview/", hosting.preview, name="preview"),
    path("gatherings/<slug:key>/publish/", hosting.publish, name="publish"),
    path("gatherings/<slug:key>/edit/", hosting.edit, name="edit"),
    path("gatherings/<slug:key>/cancel/", hosting.cancel, name="cancel"),
    path("host/", hosting.host, name="host"),
    path("host/<slug:kind>/", hosting.host_kind, name="host_kind"),
    path("host/<slug:kind>/card/", hosting.card, name="card"),
]
