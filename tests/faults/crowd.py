"""Many members pressing for one seat at the same moment, over HTTP, from several processes."""

import http.client
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from tests.e2e.stack import Stack

CSRF = "a" * 32  # a token of the right form; the cookie and the form must only agree

# Makes a gathering with one seat and the members who want it, signed in, and prints how to reach it all.
SCENE = """
import json
from importlib import import_module
from django.conf import settings
from tests.factories import make_gathering, make_member
Session = import_module(settings.SESSION_ENGINE).SessionStore
def sign_in(member):
    session = Session()
    session.update({{"_auth_user_id": str(member.pk), "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0],
                    "_auth_user_hash": member.get_session_auth_hash()}})
    session.create()
    return session.session_key
gathering = make_gathering(seats=1)
print(json.dumps({{"key": gathering.key, "sessions": [sign_in(make_member()) for _ in range({members})]}}))
"""
COUNT = """
import json
from apps.gatherings.models import Gathering, Rsvp
from apps.outbox.models import Message
gathering = Gathering.objects.get(key="{key}")
print(json.dumps({{"seated": Rsvp.objects.seated().filter(gathering=gathering).count(),
                  "taken": gathering.seats_taken, "mails": Message.objects.filter(kind="seat_confirmed").count()}}))
"""


@dataclass
class Outcome:
    answers: Counter[int]
    seated: int
    taken: int
    mails: int

    @property
    def is_right(self) -> bool:
        """One seat, one guest, one mail, and a proper answer to everybody."""
        return set(self.answers) == {302} and (self.seated, self.taken, self.mails) == (1, 1, 1)


def press(port: int, key: str, session: str) -> int:
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    headers = {
        "Cookie": f"session={session}; csrf={CSRF}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://localhost:{port}",
    }
    connection.request("POST", f"/gatherings/{key}/rsvp/", f"csrfmiddlewaretoken={CSRF}", headers)
    status = connection.getresponse().status
    connection.close()
    return status


def press_together(port: int, key: str, sessions: list[str], barrier: Any) -> list[int]:
    with ThreadPoolExecutor(len(sessions)) as pool:
        barrier.wait()
        return list(pool.map(lambda session: press(port, key, session), sessions))


def crowd_at_the_last_seat(stack: Stack, processes: int, each: int) -> Outcome:
    scene = json.loads(stack.shell(SCENE.format(members=processes * each)))
    shares = [scene["sessions"][number::processes] for number in range(processes)]
    context = get_context("spawn")
    with context.Manager() as manager, context.Pool(processes) as pool:
        barrier = manager.Barrier(processes)
        arguments = [(stack.port, scene["key"], share, barrier) for share in shares]
        answers = [status for statuses in pool.starmap(press_together, arguments) for status in statuses]
    return Outcome(answers=Counter(answers), **json.loads(stack.shell(COUNT.format(key=scene["key"]))))
