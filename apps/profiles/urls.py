from django.urls import path

from apps.profiles import diet_views, page_views, picture_views, proving_views, views

app_name = "profiles"

urlpatterns = [
    path("accounts/introduce/", views.introduce, name="introduce"),
    path("accounts/again/", proving_views.prove, name="prove"),
    path("accounts/by-invitation/", views.by_invitation, name="by_invitation"),
    path("accounts/waiting/", views.waiting, name="waiting"),
    path("settings/", views.own_settings, name="settings"),
    path("settings/profile/", page_views.own_page, name="page"),
    path("settings/needs/", page_views.own_needs, name="needs"),
    path("settings/diet/", diet_views.own_diet, name="diet"),
    path("settings/picture/", picture_views.own_picture, name="picture"),
    path("settings/picture/take-away/", picture_views.take_away, name="take_picture_away"),
    path("settings/address/", proving_views.own_address, name="own_address"),
    path("settings/address/confirm/", proving_views.confirm_address, name="confirm_address"),
    path("settings/sign-out-everywhere/", proving_views.sign_out_everywhere, name="sign_out_everywhere"),
]
