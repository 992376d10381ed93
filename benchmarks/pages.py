"""What a page costs beside a bare Django view, and whether it stays so at a million gatherings.

python -m benchmarks.pages [size ...]
python -m benchmarks.pages facts       of one database: an address to look at, a session, how often is asked

CPU of the process that answers, in milliseconds a request; that of Postgres stands beside it, for the database of the
bare view works, too. All pages are asked in turn, at every size in turn, a few at a time, so that whatever else the
machine does falls on all alike.
"""

import json
import subprocess
import sys
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from benchmarks import shelf
from benchmarks.serving import Server, Visit, cpu, first_visit, serving
from benchmarks.world import DENSE, READER, SPARSE
from scripts import processes
from scripts.preflight import CHECKOUT

SIZES = [1_000, 100_000, 1_000_000]
ROUNDS, REQUESTS = 5, 20  # of each page, in each round
FEW = 10  # of what is drawn anew each time, which takes long
GROWTH = 1.3
BARE = "'django.core.wsgi:get_wsgi_application()'"
MOST_BYTES, MOST_REQUESTS, MOST_SCRIPT = 60_000, 9, 20_000


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    goal: float | None
    server: str = "kept"
    is_member: bool = False
    most_queries: int | None = None


def pages(key: str) -> list[Page]:
    dense, sparse, far = f"/near/{DENSE}/", f"/near/{SPARSE}/", f"/near/{DENSE}/?km=100"
    towns = {"dense": dense, "sparse": sparse, "100 km": far}
    found = [Page("bare view", "/", None, "bare")]
    found += [Page(f"browse, {name}", path, 1.0, most_queries=4) for name, path in towns.items()]
    found += [Page("gathering", f"/gatherings/{key}/", 1.5, most_queries=8)]
    found += [Page(f"browse, member, {name}", path, 2.0, is_member=True) for name, path in towns.items()]
    found += [Page(f"first to browse, {name}", path, None, "unkept", most_queries=4) for name, path in towns.items()]
    return [*found, Page("first at gathering", f"/gatherings/{key}/", None, "unkept", most_queries=8)]


@dataclass(frozen=True)
class Cost:
    """Milliseconds of CPU a request, and queries."""

    web: float
    database: float
    queries: int | None


@dataclass(frozen=True)
class House:
    """A community of some size in some database, and what serves it."""

    size: int
    url: str
    servers: dict[str, Server]
    session: str
    queries: dict[str, int]
    pages: list[Page]

    def ask(self, page: Page, times: int) -> tuple[float, float]:
        """Milliseconds a request that the process which answers took, and those of the database's processes."""
        server, cookie = self.servers[page.server], f"session={self.session}" if page.is_member else ""
        server.ask(page.path, 1, cookie)  # what the half minute since the last round has let go is not measured
        before = {process: cpu(process) for process in (server.worker, *backends_of(self.url))}
        server.ask(page.path, times, cookie)
        web, *backends = [max(0, cpu(process) - began) / times for process, began in before.items()]
        return web, sum(backends)


def main() -> None:
    processes.heed_signals()
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    visits: dict[str, Visit] = {}
    with shelf.postgres_server() as server:
        laid = {"SQLite": shelf.sqlite, "Postgres": lambda size: shelf.postgres_database(server, size)}
        costs = {database: measure({size: lay(size) for size in sizes}, visits) for database, lay in laid.items()}
    for database, found in costs.items():
        show(database, found)
    for name, visit in visits.items():
        print(
            f"first visit, {name}: {visit.bytes / 1000:.1f} kB in {visit.requests} requests, "
            f"{visit.script_bytes / 1000:.1f} kB of script; goal {MOST_BYTES // 1000}, {MOST_REQUESTS}, "
            f"{MOST_SCRIPT // 1000}: {said(is_light(visit))}"
        )


def is_light(visit: Visit) -> bool:
    return visit.bytes <= MOST_BYTES and visit.requests <= MOST_REQUESTS and visit.script_bytes <= MOST_SCRIPT


def measure(urls: dict[int, str], visits: dict[str, Visit]) -> dict[int, dict[Page, Cost]]:
    """What each page costs at each size."""
    with ExitStack() as stack:
        houses = [opened(stack, size, url) for size, url in urls.items()]
        for page in houses[0].pages:
            if page.server == "kept" and not page.is_member and page.name not in visits:
                visits[page.name] = first_visit(houses[0].servers["kept"], page.path)
        return costs_of(houses)


def opened(stack: ExitStack, size: int, url: str) -> House:
    environment = shelf.environment(url)
    program = [sys.executable, "-m", "benchmarks.pages", "facts"]
    told = subprocess.run(program, cwd=CHECKOUT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    facts = json.loads(told.splitlines()[-1])
    served = {
        "bare": serving(BARE, {**environment, "DJANGO_SETTINGS_MODULE": "benchmarks.bare_settings"}),
        "kept": serving("config.wsgi", environment),
        "unkept": serving("config.wsgi", {**environment, "DJANGO_SETTINGS_MODULE": "benchmarks.unkept"}),
    }
    servers = {name: stack.enter_context(server) for name, server in served.items()}
    return House(size, url, servers, facts["session"], facts["queries"], pages(facts["key"]))


def costs_of(houses: list[House]) -> dict[int, dict[Page, Cost]]:
    taken: dict[tuple[int, Page], list[tuple[float, float]]] = defaultdict(list)
    for number in range(ROUNDS + 1):
        for alike in zip(*(house.pages for house in houses), strict=True):
            for house, page in zip(houses, alike, strict=True):
                cost = house.ask(page, FEW if page.server == "unkept" else REQUESTS)
                if number:  # the first is for warming up
                    taken[house.size, page].append(cost)
    return {
        house.size: {page: middle(taken[house.size, page], house.queries.get(page.name)) for page in house.pages}
        for house in houses
    }


def middle(taken: list[tuple[float, float]], queries: int | None) -> Cost:
    return Cost(median(web for web, _ in taken), median(database for _, database in taken), queries)


def backends_of(url: str) -> list[int]:
    """The processes of Postgres that work for the servers."""
    if url.startswith("sqlite"):
        return []
    import psycopg

    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid != pg_backend_pid()"
        )
        return [row[0] for row in rows]


def show(database: str, costs: dict[int, dict[Page, Cost]]) -> None:
    """One line for each page: at each size its CPU, how many times that of the bare view, and how it grows."""
    sizes = list(costs)
    bare = {size: next(iter(costs[size].values())) for size in sizes}
    print(f"\n{database}: ms of CPU a request (+ ms of Postgres), times the bare view", flush=True)
    print("".join([f"{'':26}", *(f"{size:>22,}" for size in sizes), f"{'goal':>7}{'growth':>8}{'queries':>9}"]))
    for pages_of_sizes in zip(*(costs[size] for size in sizes), strict=True):
        page = pages_of_sizes[0]
        each = {size: costs[size][at] for size, at in zip(sizes, pages_of_sizes, strict=True)}
        times = {size: cost.web / bare[size].web for size, cost in each.items()}
        cells = [
            f"{f'{cost.web:.2f}' + (f' + {cost.database:.2f}' if cost.database else ''):>14}{times[size]:>7.2f}×"
            for size, cost in each.items()
        ]
        first, last = each[sizes[0]], each[sizes[-1]]
        growth = (last.web + last.database) / (first.web + first.database)
        is_good = (page.goal is None or max(times.values()) <= page.goal) and growth <= GROWTH
        asked = max((cost.queries for cost in each.values() if cost.queries is not None), default=None)
        is_good &= asked is None or page.most_queries is None or asked <= page.most_queries
        goal = f"{page.goal:.1f}×" if page.goal else ""
        asked_words = "" if asked is None else f"{asked}" + (f" ≤ {page.most_queries}" if page.most_queries else "")
        verdict = "" if page.server == "bare" else said(is_good)
        print(f"{page.name:26}{''.join(cells)}{goal:>7}{growth:>8.2f}{asked_words:>9}  {verdict}", flush=True)


def said(is_good: bool) -> str:
    return "met" if is_good else "NOT MET"


def facts() -> None:
    """What there is to look at here, by whom, and how often each page asks when nothing of it is kept."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings

    from apps.gatherings.models import Gathering
    from apps.profiles.models import Member

    call_command("collectstatic", interactive=False, verbosity=0)
    key = Gathering.objects.filter(town__slug=DENSE, key__startswith="w0").latest("pk").key
    Member.objects.filter(email=READER).were_here()
    client = Client(headers={"host": "localhost"})
    client.force_login(Member.objects.get(email=READER))
    queries = {}
    nothing = {name: {"BACKEND": "django.core.cache.backends.dummy.DummyCache"} for name in ("default", "pages")}
    with override_settings(CACHES=nothing):
        for page in pages(key):
            if page.server != "bare":
                reader = client if page.is_member else Client(headers={"host": "localhost"})
                with CaptureQueriesContext(connection) as asked:
                    answer = reader.get(page.path)
                assert answer.content.count(b"<article") in (20, 1), f"{page.path}: not a page of 20 cards"
                queries[page.name] = len(asked)
    print(json.dumps({"key": key, "session": client.cookies["session"].value, "queries": queries}))


if __name__ == "__main__":
    facts() if sys.argv[1:] == ["facts"] else main()
