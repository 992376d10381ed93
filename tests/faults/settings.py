"""The settings of a drill's processes: the app's own and, for a control run, without the lock on a gathering."""

import os

from config.settings import *  # noqa: F403  a settings file takes all names

DEBUG = False  # so that no page is slower than where people live; the rest is as in development

if os.environ.get("WITHOUT_THE_LOCK"):
    INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults"]  # noqa: F405  from the line with the star
    if IS_SQLITE:  # noqa: F405  likewise
        DATABASES["default"]["OPTIONS"]["transaction_mode"] = "DEFERRED"  # noqa: F405  here IMMEDIATE is the lock
