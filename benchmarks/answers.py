"""How long an answer takes must not tell who has an account.

python -m benchmarks.answers

That the answers are the same to the byte is the suite's to show; this is about their time, which needs a quiet machine.
"""

import os
import time
from collections.abc import Callable
from random import Random
from statistics import median
from typing import Any

TRIES = 200  # of each kind, in random order, so that whatever else the machine does falls on all alike
GOAL = 10  # milliseconds between the slowest and the fastest median


def main() -> None:
    import django

    django.setup()
    from django.test import Client
    from django.test.utils import override_settings

    from apps.profiles.models import HouseRules
    from benchmarks import rows

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={"default": plain, "staticfiles": plain}):
        rows.empty_tables()
        keeper = lay()
        for look in HouseRules.Look.values:
            for join in HouseRules.Join.values:
                HouseRules.objects.now().change(who_may_look=look, who_may_join=join)
                measure(
                    f"sign-in, looking {look}, joining {join}",
                    ADDRESSES,
                    lambda email: sign_in(Client(headers=HERE), email),
                )
        measure("an invitation", ["known", "new"], lambda email: keeper.post("/invite/", {"emails": email}))


HERE = {"host": "localhost"}
ADDRESSES = ["known", "waiting", "invited", "new"]


def lay() -> Any:
    """Members and invitations by the kind of their address, and a keeper who has signed in."""
    from django.test import Client

    from apps.profiles.models import JoinInvitation, Member
    from tests.factories import make_member
    from tests.passkeys import add_passkey, sign_in_with_passkey

    keeper = make_member("Sam", is_staff=True, is_superuser=True)
    for kind in ("known", "waiting"):
        Member.objects.bulk_create(
            Member(email=address(kind, n), name="Robin", is_waiting=kind == "waiting") for n in range(TRIES)
        )
    for n in range(TRIES):
        JoinInvitation.objects.invite(keeper, address("invited", n))
    JoinInvitation.objects.update(at=keeper.joined_at)  # none of today's
    client = Client(headers=HERE)
    add_passkey(keeper)
    sign_in_with_passkey(client, keeper)
    return client


def address(kind: str, number: int) -> str:
    return f"{kind}{number}@example.net"


def sign_in(client: Any, email: str) -> Any:
    return client.post("/accounts/login/", {"email": email, "name": "Robin", "promise": "on"})


def measure(what: str, kinds: list[str], ask: Callable[[str], Any], tries_of_each: int = TRIES) -> None:
    """Milliseconds of each kind, all of which are answered alike.

    What was counted against somebody who tries often is forgotten in between.
    """
    from django.core.cache import cache

    from apps.profiles.models import JoinInvitation

    tries = [(kind, n) for kind in kinds for n in range(tries_of_each)]
    Random(what).shuffle(tries)
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    statuses: set[int] = set()
    for kind, number in tries:
        cache.clear()
        JoinInvitation.objects.exclude(email__startswith="invited").delete()
        began = time.perf_counter()
        answer = ask(address(kind, number))
        times[kind].append((time.perf_counter() - began) * 1000)
        statuses.add(answer.status_code)
    assert statuses in ({302}, {404}), f"{what}: {statuses}"
    medians = {kind: median(each) for kind, each in times.items()}
    apart = max(medians.values()) - min(medians.values())
    said = ", ".join(f"{kind} {each:.2f}" for kind, each in medians.items())
    print(f"{os.environ['DATABASE_NAME']}, {what}: {said} ms; {apart:.2f} ms apart, goal {GOAL}", flush=True)


if __name__ == "__main__":
    main()
