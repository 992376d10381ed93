"""The settings of a drill's processes: the app's own, with the clock and the schedule of the drill.

A control run names in WITHOUT the guard that `tests.faults.apps` takes out.
"""

import os
import signal
from datetime import datetime, timedelta

if os.environ.get("TEST_CLOCK"):  # seconds ahead of this machine's clock
    import time_machine

    ahead = float(os.environ.get("CLOCK_WRONG_BY", 0))  # more seconds, until a signal says that it is set right
    there = datetime.now().astimezone() + timedelta(seconds=float(os.environ["TEST_CLOCK"]) + ahead)
    clock = time_machine.travel(there).start()
    signal.signal(signal.SIGUSR2, lambda *_: clock.shift(-ahead))

from config.settings import *  # noqa: F403  a settings file takes all names

DEBUG = False  # so that no page is slower than where people live; the rest is as in development
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults"]  # noqa: F405  from the line with the star

if os.environ.get("WITHOUT") == "lock" and IS_SQLITE:  # noqa: F405  likewise
    DATABASES["default"]["OPTIONS"]["transaction_mode"] = "DEFERRED"  # noqa: F405  here IMMEDIATE is the lock
if os.environ.get("WITHOUT") == "sweep":
    del CELERY_BEAT_SCHEDULE["find what is due and send it"]  # noqa: F405
if os.environ.get("BEAT_EVERY"):  # seconds, in place of what is asked for every minute
    for entry in CELERY_BEAT_SCHEDULE.values():  # noqa: F405
        entry["schedule"] = float(os.environ["BEAT_EVERY"])
