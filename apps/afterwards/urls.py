from django.urls import path

from apps.afterwards import views

app_name = "afterwards"

urlpatterns = [
    path("gatherings/<slug:key>/afterwards/", views.page, name="page"),
    path("gatherings/<slug:key>/afterwards/answer/", views.answer, name="answer"),
    path("gatherings/<slug:key>/afterwards/answer/forget/", views.forget, name="forget"),
    path("gatherings/<slug:key>/afterwards/thanks/", views.thank, name="thank"),
    path("gatherings/<slug:key>/afterwards/in-touch/", views.keep_in_touch, name="keep_in_touch"),
]
