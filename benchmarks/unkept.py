"""The app as it runs in production, but that no page is kept: what the first of many visitors costs."""

from config.settings import *  # noqa: F403  a settings file takes all names

CACHES = {**CACHES, "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}  # noqa: F405
