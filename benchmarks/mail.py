"""Mail: the whole outbox beside a bare loop, and whether its memory stays flat.

python -m benchmarks.mail speed    messages per second: rows put, leased, asked, composed, sent, marked
python -m benchmarks.mail memory   the largest memory with 1,000 due rows and with 50,000

Both send real mail to a real server on this machine. The bare loop is what one would write without any promise: it
renders the same two templates with ready-made contexts, and sends them with Django over one connection. The outbox is
the app's own as it runs: rows are put, and the workers of the Procfile, as many as there are by default, send them.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from scripts.preflight import CHECKOUT
from scripts.processes import die_with_parent, end

if TYPE_CHECKING:
    from apps.outbox.models.message import MessageQuerySet

ROUNDS, MAILS, WORKERS = 5, 2_000, 2
MAILS_OF_WEEKS = 20_000  # that were sent before
LONGEST = 300  # seconds that a round may take
FEW, MANY = 1_000, 50_000


def speed() -> None:
    import time_machine
    from django.utils import timezone

    from apps.reminders.due import put_what_is_due
    from benchmarks import rows

    rows.empty_tables()
    starts = rows.tomorrow(timezone.now())
    moment = starts - timedelta(hours=23, minutes=59)
    ahead = moment - timezone.now()
    with time_machine.travel(moment), workers(ahead):
        rows.seats_at(starts, MAILS, taken_at=timezone.now() - timedelta(days=1))
        rows.mail_of_weeks(MAILS_OF_WEEKS)
        put_what_is_due(timezone.now())
        ready = ready_made()
        wait_for_the_last()

        def outbox() -> None:
            put_what_is_due(timezone.now())
            wait_for_the_last()

        seconds: dict[str, list[float]] = {"bare": [], "outbox": []}
        for _round in range(ROUNDS):
            forget()
            seconds["bare"].append(timed(lambda: bare_loop(ready)))
            seconds["outbox"].append(timed(outbox))
            check_that_all_were_sent(MAILS)
    bare, whole = median(seconds["bare"]), median(seconds["outbox"])
    ratios = sorted(b / w for b, w in zip(seconds["bare"], seconds["outbox"], strict=True))
    print(
        f"{os.environ['DATABASE_NAME']}, {len(ready):,} mails, {ROUNDS} rounds: bare loop {len(ready) / bare:,.0f} a "
        f"second, whole outbox with {WORKERS} workers {len(ready) / whole:,.0f} a second, ratio {median(ratios):.2f} "
        f"({ratios[0]:.2f} to {ratios[-1]:.2f}), goal 0.70",
        flush=True,
    )


@contextmanager
def workers(ahead: timedelta) -> Iterator[None]:
    """The app's own, with a clock that is so far ahead; they have nothing to do yet."""
    lines = (CHECKOUT / "Procfile").read_text().splitlines()
    [command] = [line.partition(": ")[2] for line in lines if line.startswith("worker: ")]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    env = {**os.environ, "PATH": path, "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
    env["TEST_CLOCK"] = str(ahead.total_seconds())
    with ExitStack() as ending:
        for _ in range(WORKERS):
            worker = subprocess.Popen(["sh", "-c", command], cwd=CHECKOUT, env=env, preexec_fn=die_with_parent())
            ending.callback(end, worker)
        wait_for(lambda: has_workers(WORKERS))
        yield


def has_workers(many: int) -> bool:
    from config.celery import app

    return len(app.control.ping(timeout=1) or []) == many


def wait_for_the_last() -> None:
    from apps.outbox.models import Message

    wait_for(lambda: not Message.objects.waiting().exists())


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + LONGEST
    while not is_so():
        if time.monotonic() > until:
            sys.exit(f"It took longer than {LONGEST} s.")
        time.sleep(0.05)


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def put_now() -> "MessageQuerySet":
    """What was sent weeks ago is of another kind."""
    from apps.outbox.models import Message

    return Message.objects.exclude(kind="seat_confirmed")


def forget() -> None:
    put_now().delete()


def check_that_all_were_sent(count: int) -> None:
    """To the guests; their hosts are briefed besides."""
    from apps.outbox.models import Message

    sent = Message.objects.filter(kind="day_before", state=Message.State.SENT).count()
    if sent != count or Message.objects.exclude(state=Message.State.SENT).exists():
        sys.exit(f"{sent:,} of {count:,} mails were sent, or others were not, so there is nothing to compare.")


def ready_made() -> list[tuple[str, str, str, dict[str, object]]]:
    """For each mail that is due: subject, template, address and the finished context."""
    from apps.outbox.envelope import context_of
    from apps.outbox.kinds import KINDS

    ready = []
    for message in put_now().select_related("member"):
        mail = KINDS[message.kind].compose(message)
        assert mail is not None  # a reminder has always something to say
        ready.append((mail.subject, mail.template, message.recipient, context_of(message, KINDS[message.kind], mail)))
    return ready


def bare_loop(ready: list[tuple[str, str, str, dict[str, object]]]) -> None:
    from django.core.mail import EmailMultiAlternatives, get_connection
    from django.template.loader import render_to_string

    with get_connection() as connection:
        for subject, template, address, context in ready:
            email = EmailMultiAlternatives(subject, render_to_string(f"{template}.txt", context), to=[address])
            email.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
            connection.send_messages([email])


def memory() -> None:
    """Each in a process of its own, since memory that was taken once is not given back."""
    peaks = [peak_with(count) for count in (FEW, MANY)]
    print(
        f"{os.environ['DATABASE_NAME']}: at most {peaks[0]:.0f} MB with {FEW:,} due rows and {peaks[1]:.0f} MB with "
        f"{MANY:,}, ratio {peaks[1] / peaks[0]:.2f}",
        flush=True,
    )


def peak_with(count: int) -> float:
    command = [sys.executable, "-m", "benchmarks.mail", "peak", str(count)]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return float(told.stdout.split()[-1])


def peak(count: int) -> None:
    import time_machine
    from django.utils import timezone

    from apps.outbox.tasks import send
    from apps.reminders.due import put_what_is_due
    from benchmarks import rows

    now = timezone.now()
    starts = rows.tomorrow(now)
    if os.fork() == 0:  # a child makes the rows, and takes its memory with it
        rows.empty_tables()
        forget()
        rows.clear()
        rows.seats_at(starts, count, taken_at=now)
        os._exit(0)
    if os.wait()[1] != 0:
        sys.exit("The rows could not be made.")
    with time_machine.travel(starts - timedelta(hours=23, minutes=59)):
        put_what_is_due(timezone.now())
        send()
    check_that_all_were_sent(count)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    import django

    django.setup()
    what, *more = sys.argv[1:]
    if what == "peak":
        peak(int(more[0]))
    else:
        {"speed": speed, "memory": memory}[what]()


if __name__ == "__main__":
    main()
