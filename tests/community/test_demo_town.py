"""The demo town: who lives there, what is on, and where it refuses to be built."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.db.models import Count, F, Q
from django.test import Client
from django.utils import timezone

from apps.community.demo.ideas import IDEAS
from apps.gatherings.models import Gathering, Rsvp
from apps.meals.models import Dish
from apps.movies.models import Showing
from apps.outbox.models import Message
from apps.places.distance import metres_between
from apps.places.grid import snapped
from apps.places.models import Town
from apps.profiles.models import HouseRules, Member
from tests.factories import make_gathering, make_member, make_town

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def development(settings: Any, bristol: Town) -> None:
    settings.DEBUG = True


def build(*arguments: str) -> str:
    said = StringIO()
    call_command("demo_town", *arguments, stdout=said)
    return said.getvalue()


def refusal(*arguments: str) -> str:
    """What the command says when it refuses; nothing may have been made."""
    with pytest.raises(CommandError) as refused:
        build(*arguments)
    assert not Gathering.objects.exists()
    return str(refused.value)


def everything(today: date) -> list[Any]:
    """The whole town, with days and moments (on the clocks of Bristol) counted from the given day."""

    def since(moment: datetime) -> timedelta:
        return moment.astimezone(LONDON).replace(tzinfo=None) - datetime.combine(today, time())

    people = [
        (m.key, m.email, m.name, m.pronouns, m.is_staff, since(m.joined_at)) for m in Member.objects.order_by("pk")
    ]
    tables = [
        [(g.day - today).days, since(g.created_at), g.host.email]
        + [getattr(g, name) for name in "key kind title words starts ends area address way_in seats state".split()]
        + [(r.member.email, since(r.changed_at)) for r in g.rsvps.order_by("pk")]
        + [(d.bringer.email, str(d)) for d in g.dishes.order_by("pk")]
        + [str(film) for film in g.films.order_by("pk")]
        for g in Gathering.objects.order_by("pk")
    ]
    return [people, tables]


def rebuilt(today: date, *arguments: str) -> list[Any]:
    """The town as it is made at noon of a day in an empty community."""
    for model in (Gathering, Member):
        model.objects.all().delete()
    with time_machine.travel(datetime.combine(today, time(12), LONDON), tick=False):
        build(*arguments)
    return everything(today)


def test_guests_of_its_shared_meals_bring_something_and_what_they_say_of_it_is_known() -> None:
    build()
    tables = Gathering.objects.filter(dishes__isnull=False).distinct()
    assert {each.kind for each in tables} == {"shared-meal"}
    assert tables.upcoming().count() >= 2
    found = Dish.objects.select_related("gathering", "bringer")
    assert found.on_the_table().count() == found.count()
    for dish in found:
        dish.full_clean()
        assert (len(dish.diets_said), len(dish.allergens_said)) == (len(dish.diets), len(dish.allergens))


def test_it_has_a_movie_night_with_a_vote_and_one_with_a_film_whose_evening_ends_as_it_does() -> None:
    build()
    nights = list(Showing.objects.select_related("gathering__town", "chosen"))
    assert any(each.takes_votes and each.gathering.films.count() >= 2 for each in nights)
    assert any(each.chosen for each in nights)
    for night in nights:
        night.full_clean()
        for film in night.gathering.films.all():
            film.full_clean()
            assert len(film.content_said) == len(film.content)
        assert night.chosen is None or night.ends_at == night.gathering.ends_at


def test_it_has_as_many_members_and_gatherings_as_asked_for() -> None:
    assert "40 members and 60 gatherings" in build()
    assert (Member.objects.count(), Gathering.objects.count()) == (40, 60)


def test_the_same_seed_makes_the_same_town_on_any_day_and_another_seed_another() -> None:
    first = rebuilt(date(2026, 1, 5))
    assert rebuilt(date(2026, 7, 3)) == first
    other = rebuilt(date(2026, 7, 3), "--seed", "2")
    assert [table[5] for table in other[1]] != [table[5] for table in first[1]]
    assert [person[2] for person in other[0]] != [person[2] for person in first[0]]


def test_a_second_run_changes_nothing_and_says_so() -> None:
    build()
    before = everything(NOON.date())
    assert "already" in build()
    assert "already" in build("--seed", "7", "--members", "50")
    assert everything(NOON.date()) == before


def test_seats_taken_are_the_seated_and_the_offered_and_never_more_than_seats() -> None:
    build("--gatherings", "300")  # more than forty people can fill
    held = Q(rsvps__state__in=[Rsvp.State.SEATED, Rsvp.State.OFFERED])
    counted = Gathering.objects.annotate(held=Count("rsvps", filter=held))
    assert not counted.exclude(seats_taken=F("held")).exists()
    assert not counted.filter(seats_taken__gt=F("seats")).exists()
    assert not Rsvp.objects.filter(member=F("gathering__host")).exists()


def test_some_are_full_some_have_one_seat_left_and_some_are_past() -> None:
    build()
    ahead = Gathering.objects.published().upcoming()
    assert ahead.filter(seats_taken=F("seats")).count() >= 5
    assert ahead.filter(seats_taken=F("seats") - 1).count() >= 5
    assert ahead.filter(seats_taken__lt=F("seats") - 1).count() >= 10
    past = Gathering.objects.filter(ends_at__lt=timezone.now())
    assert past.count() >= 3
    assert past.order_by("starts_at")[0].starts_at > timezone.now() - timedelta(days=8)
    states = Counter(Gathering.objects.values_list("state", flat=True))
    assert (states["cancelled"], states["draft"]) == (2, 1)


def test_somebody_waits_somebody_asks_and_a_seat_is_held_for_robin() -> None:
    build()
    states = Counter(Rsvp.objects.values_list("state", flat=True))
    assert states["waitlisted"] >= 5
    assert states["asked"] >= 1
    assert Rsvp.objects.get(state=Rsvp.State.OFFERED).member.name == "Robin"
    for waiting in Rsvp.objects.in_line().select_related("gathering"):
        assert waiting.gathering.is_full


def test_strangers_find_something_on_every_day_of_the_next_two_weeks() -> None:
    with time_machine.travel(NOON, tick=False):
        build()
    shown = Gathering.objects.published().filter(visibility=Gathering.Visibility.EVERYONE)
    days = set(shown.values_list("day", flat=True))
    assert {NOON.date() + timedelta(days=n) for n in range(15)} <= days
    assert max(days) <= NOON.date() + timedelta(days=27)


def test_what_costs_nothing_is_found_by_looking_for_it(client: Client) -> None:
    build()
    assert not Gathering.objects.filter(cost__istartswith="nothing").exists()
    page = client.get("/near/bristol-gb/?no_cost=1").content.decode()
    assert page.count("costs nothing") == page.count("<article") > 5


def test_most_are_evenings_all_within_sensible_hours_and_of_many_kinds() -> None:
    build()
    hours = list(Gathering.objects.values_list("starts", "ends"))
    assert all(time(9) <= starts < ends <= time(22, 30) for starts, ends in hours)
    assert sum(starts >= time(17) for starts, _ in hours) > len(hours) / 2
    kinds = Counter(Gathering.objects.values_list("kind", flat=True))
    assert set(kinds) == set(Gathering.Kind.values)
    assert sum(kinds[kind] for kind in ("dinner", "shared-meal", "movie-night", "walk")) > 35


@pytest.mark.parametrize(
    "size", [(), ("--members", "6", "--gatherings", "10"), ("--members", "120", "--gatherings", "90")]
)
def test_every_row_would_pass_the_forms_too(size: tuple[str, ...]) -> None:
    build(*size)
    for row in [*Gathering.objects.all(), *Member.objects.all()]:
        row.full_clean(exclude=["password"], validate_unique=False)


def test_titles_and_sentences_are_each_hosts_own() -> None:
    ideas = [idea for some in IDEAS.values() for idea in some]
    assert len(ideas) >= 45
    assert len({idea.title for idea in ideas}) == len({idea.words for idea in ideas}) == len(ideas)
    assert not [idea for idea in ideas if "!" in idea.title + idea.words]


@pytest.mark.parametrize("size", [(), ("--members", "6", "--gatherings", "10")])
@pytest.mark.parametrize("hour", [0, 12, 23])
def test_three_members_are_there_to_sign_in_as(hour: int, size: tuple[str, ...]) -> None:
    with time_machine.travel(NOON.replace(hour=hour, minute=30), tick=False):
        build(*size)
        robin, mei, sam = (Member.objects.get(email=f"{who}@example.org") for who in ("guest", "host", "keeper"))
        ahead = Gathering.objects.published().upcoming()
        robins = ahead.filter(rsvps__in=Rsvp.objects.seated().of(robin)).soonest_first()
        assert (robin.name, robins.count()) == ("Robin", 2)
        assert robins[0].starts_at < timezone.now() + timedelta(days=3)
        assert (mei.name, mei.pronouns, ahead.hosted_by(mei).count()) == ("Mei", "they/them", 3)
        assert (sam.name, sam.is_staff, sam.is_superuser) == ("Sam", True, True)
    assert Member.objects.filter(is_staff=True).count() == 1


def test_somebody_answers_when_something_is_wrong_and_there_is_a_line_to_call(client: Client) -> None:
    build()
    moderator = Member.objects.get(is_moderator=True)
    assert (moderator.email, moderator.is_staff) == ("moderator@example.org", False)
    page = client.get("/help/").content.decode()
    for said in (
        f"Sam and {moderator.name} read what you write.",
        "They answer within 24 hours.",
        "Samaritans, 116 123",
    ):
        assert said in page


def test_what_a_keeper_has_settled_already_stays() -> None:
    HouseRules.objects.now().change(answered_by="Noor")
    build()
    assert HouseRules.objects.get().answered_by == "Noor"


def test_everybody_has_proved_their_address_and_keeps_the_promise() -> None:
    build()
    proved = EmailAddress.objects.filter(verified=True, primary=True, email=F("user__email"))
    assert proved.count() == 40
    assert not Member.objects.filter(promised_at=None).exists()
    addresses = Member.objects.exclude(email__endswith="@example.org").values_list("email", flat=True)
    assert all(address.isascii() and address.endswith("@demo.example") for address in addresses)
    assert not any(member.has_usable_password() for member in Member.objects.all())


def test_nobody_is_at_two_tables_on_one_day() -> None:
    build()
    seats = Rsvp.objects.seated().values_list("member", "gathering__day")
    hosts = Gathering.objects.values_list("host", "day")
    assert [who for who, times in Counter([*seats, *hosts]).items() if times > 1] == []


def test_a_host_lives_in_one_place_and_its_point_is_on_the_grid() -> None:
    build()
    homes = Gathering.objects.filter(setting=Gathering.Setting.HOME)
    assert (
        homes.values("host", "address", "latitude", "area").distinct().count()
        == homes.values("host").distinct().count()
    )
    for home in homes.filter(has_own_point=True):
        assert snapped(home.latitude, home.longitude) == (home.latitude, home.longitude)


def test_it_sends_no_mail() -> None:
    build()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("slug", "name"), [("kathmandu-np", "Kathmandu"), ("auckland-nz", "auckland"), ("bath-gb", "bath-gb")]
)
def test_any_town_of_the_gazetteer_will_do(slug: str, name: str) -> None:
    town = make_town(slug)
    with time_machine.travel(NOON, tick=False):
        assert town.label in build("--town", name)
    gatherings = Gathering.objects.all()
    assert set(gatherings.values_list("town__slug", "time_zone")) == {(slug, town.time_zone)}
    today = NOON.astimezone(gatherings[0].zone).date()
    assert min(gatherings.values_list("day", flat=True)) >= today - timedelta(days=7)
    assert all(g.starts_local.time() == g.starts for g in gatherings)
    assert max(metres_between(*town.point, g.latitude, g.longitude) for g in gatherings) <= 4000
    assert len({g.area for g in gatherings}) > 5
    assert not gatherings.filter(area="Southville").exists()


def test_a_town_nobody_knows_is_said_to_be_unknown() -> None:
    assert "no town called “Qwertyville”" in refusal("--town", "Qwertyville")
    assert "no town called “”" in refusal("--town", "")
    assert len(refusal("--town", "q" * 1_000_000)) < 300


@pytest.mark.parametrize("number", ["0", "-1", "5", "1000000000"])
@pytest.mark.parametrize("what", ["members", "gatherings"])
def test_odd_numbers_get_a_sentence(what: str, number: str) -> None:
    assert f"{what}; {int(number):,} is not among them." in refusal(f"--{what}={number}")
    assert not Member.objects.exists()


def test_outside_development_it_wants_to_hear_that_it_is_meant(settings: Any) -> None:
    settings.DEBUG = False
    assert "--yes-really" in refusal()
    assert not Member.objects.exists()
    assert "40 members" in build("--yes-really")


def test_it_takes_nobodys_address() -> None:
    make_member("Hanna", email="host@example.org")
    assert "host@example.org" in refusal()
    assert list(Member.objects.values_list("name", flat=True)) == ["Hanna"]


def test_it_is_made_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = make_gathering()
    monkeypatch.setattr("apps.community.demo.tables.key_from", lambda rng: kept.key)  # the last rows cannot be saved
    before = Member.objects.count()
    with pytest.raises(IntegrityError):
        build()
    assert (Member.objects.count(), Gathering.objects.get()) == (before, kept)
    assert EmailAddress.objects.count() == 0


def test_a_stranger_sees_it_on_the_front_page(client: Client) -> None:
    build()
    page = client.get("/").content.decode()
    first = Gathering.objects.published().upcoming().filter(visibility=Gathering.Visibility.EVERYONE).soonest_first()[0]
    assert first.title in page.replace("&#x27;", "'")
    assert "demo.example" not in page
