from django.urls import path

from apps.movies import views

app_name = "movies"

urlpatterns = [
    # Of the hosts
    path("gatherings/<slug:key>/film/", views.films, name="films"),
    path("gatherings/<slug:key>/film/times/", views.times, name="times"),
    path("gatherings/<slug:key>/film/vote/", views.open_vote, name="open_vote"),
    path("gatherings/<slug:key>/film/<int:pk>/", views.film, name="film"),
    path("gatherings/<slug:key>/film/<int:pk>/show/", views.show, name="show"),
    path("gatherings/<slug:key>/film/<int:pk>/drop/", views.drop, name="drop"),
    # Of the guests
    path("gatherings/<slug:key>/vote/", views.vote, name="vote"),
]
