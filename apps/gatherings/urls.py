from django.urls import path

from apps.gatherings import views
from apps.gatherings.views import asking, calendars, co_hosting, guests, hosting, inviting, notes, series, with_a_seat

app_name = "gatherings"

urlpatterns = [
    path("", views.browse, name="browse"),
    path("near/<slug:slug>/", views.near, name="near"),
    path("near/<slug:slug>/feed.ics", calendars.of_a_town, name="near_feed"),
    path("calendar/<slug:token>.ics", calendars.of_a_member, name="own_feed"),
    path("settings/calendar/", calendars.own_link, name="own_calendar"),
    path("gatherings/<slug:key>/", views.detail, name="detail"),
    path("gatherings/<slug:key>/calendar.ics", calendars.of_a_gathering, name="calendar_file"),
    path("gatherings/<slug:key>/rsvp/", views.rsvp, name="rsvp"),
    path("gatherings/<slug:key>/accept/", views.accept, name="accept"),
    path("gatherings/<slug:key>/leave/", views.leave, name="leave"),
    path("gatherings/<slug:key>/seat/", with_a_seat.your_seat, name="your_seat"),
    path("gatherings/<slug:key>/plan/", with_a_seat.plan, name="plan"),
    path("gatherings/<slug:key>/coming/", with_a_seat.coming, name="coming"),
    path("gatherings/<slug:key>/late/", with_a_seat.late, name="late"),
    path("gatherings/<slug:key>/missed/", with_a_seat.missed, name="missed"),
    path("gatherings/<slug:key>/guests/", guests.guests, name="guests"),
    path("gatherings/<slug:key>/guests/<slug:guest>/<slug:act>/", guests.act, name="guest_act"),
    path("gatherings/<slug:key>/offer/", guests.offer, name="offer"),
    path("gatherings/<slug:key>/sheet/", guests.sheet, name="sheet"),
    path("gatherings/<slug:key>/go-ahead/", guests.go_ahead, name="go_ahead"),
    path("gatherings/<slug:key>/ask/", asking.ask, name="ask"),
    path("gatherings/<slug:key>/questions/", asking.questions, name="questions"),
    path("gatherings/<slug:key>/questions/<int:pk>/", asking.answer, name="answer"),
    path("gatherings/<slug:key>/note/", notes.note, name="note"),
    path("gatherings/<slug:key>/preview/", hosting.preview, name="preview"),
    path("gatherings/<slug:key>/publish/", hosting.publish, name="publish"),
    path("gatherings/<slug:key>/edit/", hosting.edit, name="edit"),
    path("gatherings/<slug:key>/cancel/", hosting.cancel, name="cancel"),
    path("gatherings/<slug:key>/invite/", inviting.invite, name="invite"),
    path("gatherings/<slug:key>/invite/link/", inviting.link, name="invite_link"),
    path("gatherings/<slug:key>/co-hosts/", co_hosting.co_hosts, name="co_hosts"),
    path("gatherings/<slug:key>/co-hosts/remove/", co_hosting.remove, name="co_host_remove"),
    path("gatherings/<slug:key>/co-hosts/step-down/", co_hosting.step_down, name="co_host_step_down"),
    path("gatherings/<slug:key>/series/", series.series, name="series"),
    path("gatherings/<slug:key>/series/join/", series.join, name="series_join"),
    path("gatherings/<slug:key>/series/leave/", series.leave, name="series_leave"),
    path("gatherings/<slug:key>/again/", series.again, name="again"),
    path("host/", hosting.host, name="host"),
    path("host/<slug:kind>/", hosting.host_kind, name="host_kind"),
    path("host/<slug:kind>/card/", hosting.card, name="card"),
]
