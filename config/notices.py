"""Where a sentence waits for the next page: in a cookie that is locked to this host, as the others are."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class InACookie(CookieStorage):
    cookie_name = "__Host-messages" if settings.SESSION_COOKIE_SECURE else "messages"


class Notices(FallbackStorage):
    storage_classes = (InACookie, SessionStorage)
