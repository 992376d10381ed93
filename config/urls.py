from importlib import import_module

import allauth.mfa.base.views
import allauth.mfa.webauthn.views
import anymail.urls
from allauth.account import views as account_views
from allauth.account.decorators import secure_admin_login
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.contrib import admin
from django.urls import URLResolver, include, path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView
from django.views.i18n import set_language

from apps.places import views as places_views
from apps.privacy import views as privacy_views
from apps.profiles import views as profiles_views
from apps.profiles.door import open_them_all, open_to_all
from apps.profiles.leaving import clears_browser
from apps.profiles.passkeys import by_a_passkey_that_is_there, leads_back, passkey_shown
from apps.profiles.proving import proved_lately

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # allauth's documented way
admin_view = admin.site.admin_view
admin.site.admin_view = lambda view, cacheable=False: passkey_shown(admin_view(view, cacheable))  # type: ignore[assignment,method-assign,return-value]
admin.site.site_header = admin.site.site_title = settings.COMMUNITY_NAME


def webhooks_of(service: str) -> list[URLResolver]:
    """Where the chosen mail service, and no other, tells what came back."""
    ours = [pattern for pattern in anymail.urls.urlpatterns if str(pattern.pattern).startswith(f"{service}/")]
    return [path("anymail/", include((open_them_all(ours), "anymail")))]


# The towns are everybody's, and a passkey is asked of whoever is not in yet.
open_to_all(places_views.towns)
open_to_all(allauth.mfa.webauthn.views.login_webauthn)
open_to_all(allauth.mfa.base.views.authenticate)

urlpatterns = [
    path("", include("apps.gatherings.urls")),
    path("", include("apps.meals.urls")),
    path("", include("apps.movies.urls")),
    path("", include("apps.afterwards.urls")),
    path("", include("apps.safety.urls")),
    path("", include("apps.moderation.urls")),
    path("", include("apps.outbox.urls")),
    path("", include("apps.reminders.urls")),
    path("", include("apps.steps.urls")),
    path("", include("apps.profiles.urls")),
    path("", include("apps.community.urls")),
    path("", include("apps.privacy.urls")),
    path("places/", include("apps.places.urls")),
    # allauth, as far as it is used: there are no passwords here, so no pages for them.
    path("accounts/login/", profiles_views.sign_in, name="account_login"),
    path("accounts/signup/", profiles_views.sign_in, name="account_signup"),
    path("accounts/login/code/", profiles_views.sign_in, name="account_request_login_code"),
    path("accounts/login/code/confirm/", profiles_views.enter_code, name="account_confirm_login_code"),
    path("accounts/logout/", open_to_all(clears_browser(account_views.logout)), name="account_logout"),
    path("accounts/inactive/", privacy_views.come_back, name="account_inactive"),
    path("accounts/2fa/", RedirectView.as_view(pattern_name="mfa_list_webauthn"), name="mfa_index"),
    # Before the one that lets in whoever signed in long ago.
    path(
        "accounts/2fa/webauthn/add/",
        never_cache(proved_lately(by_a_passkey_that_is_there(leads_back(passkeys.add_webauthn)))),
        name="mfa_add_webauthn",
    ),
    path(
        "accounts/2fa/webauthn/keys/<int:pk>/remove/",
        never_cache(by_a_passkey_that_is_there(passkeys.remove_webauthn)),
        name="mfa_remove_webauthn",
    ),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("language/", open_to_all(set_language), name="set_language"),
    path("admin/", admin.site.urls),
]

if settings.EMAIL_SERVICE and settings.ANYMAIL.get("WEBHOOK_SECRET"):
    urlpatterns += webhooks_of(settings.EMAIL_SERVICE)

if settings.DEBUG:
    open_them_all(import_module("django_mail_preview.urls").urlpatterns)
    urlpatterns.append(path("mail/", include("django_mail_preview.urls")))
