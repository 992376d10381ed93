from django.urls import path

from apps.meals import diet_views, views

app_name = "meals"

urlpatterns = [
    path("gatherings/<slug:key>/food/", views.food, name="food"),
    path("gatherings/<slug:key>/food/needs/", views.needs, name="needs"),
    path("gatherings/<slug:key>/food/told/", diet_views.told, name="told"),
    path("gatherings/<slug:key>/diet/", diet_views.diet, name="diet"),
    path("gatherings/<slug:key>/dishes/", views.bring, name="bring"),
    path("gatherings/<slug:key>/dishes/take/<slug:need>/", views.take, name="take"),
    path("gatherings/<slug:key>/dishes/<int:pk>/", views.dish, name="dish"),
    path("gatherings/<slug:key>/dishes/<int:pk>/drop/", views.drop, name="drop"),
    path("settings/diet/take-back/", diet_views.take_back, name="take_back_diets"),
]
