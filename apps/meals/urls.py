from django.urls import path

from apps.meals import views

app_name = "meals"

urlpatterns = [
    path("gatherings/<slug:key>/food/", views.food, name="food"),
    path("gatherings/<slug:key>/food/needs/", views.needs, name="needs"),
    path("gatherings/<slug:key>/dishes/", views.bring, name="bring"),
    path("gatherings/<slug:key>/dishes/take/<slug:need>/", views.take, name="take"),
    path("gatherings/<slug:key>/dishes/<int:pk>/", views.dish, name="dish"),
    path("gatherings/<slug:key>/dishes/<int:pk>/drop/", views.drop, name="drop"),
]
