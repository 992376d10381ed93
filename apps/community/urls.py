from django.urls import path

from apps.community.views import inviting, keeper, pages

app_name = "community"

urlpatterns = [
    path("help/", pages.help, name="help"),
    path("promise/", pages.promise, name="promise"),
    path("robots.txt", pages.robots, name="robots"),
    path("livez", pages.livez, name="livez"),
    path("readyz", pages.readyz, name="readyz"),
    path("keeper/", keeper.rules, name="keeper"),
    path("keeper/waiting/", keeper.waiting, name="waiting"),
    path("keeper/waiting/<slug:key>/", keeper.answer, name="answer"),
    path("invite/", inviting.invite, name="invite"),
    path("invite/link/", inviting.link, name="invite_link"),
    path("invite/withdraw/", inviting.withdraw, name="withdraw"),
    path("join/<str:token>/", inviting.join, name="join"),
]
