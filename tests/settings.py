"""The settings of the suite: the app's own, without a broker. (pytest-django keeps the mail in memory.)"""

import os

os.environ.setdefault("SECRET_KEY", "only for the tests, and long enough to please the checks of Django")
os.environ.setdefault("HOME_TOWN", "bristol-gb")

from config.settings import *  # noqa: F403  the environment must be set first; a settings file takes all names

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},  # tests of what is kept bring their own
}
CELERY_BROKER_URL = "memory://"
STATIC_ROOT = BASE_DIR / "static"  # noqa: F405  nothing is collected for tests; whitenoise wants a folder
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
