"""What guests tell of what they eat: to whom they choose, for one gathering, and gone with their seat."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.gatherings.models import CoHost, Companion, Gathering, Rsvp
from apps.meals.models import Dish, Meal, TableRequest, ToldDiet
from apps.privacy.tasks import night
from apps.profiles.models import Diet, Member
from apps.safety.models import Block
from tests.factories import make_gathering, make_member, make_seat
from tests.odd import FINE, NUL, TIDIED, Page

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NUTS: dict[str, Any] = {"diets": [], "allergens": ["nuts"], "words": ""}


@pytest.fixture
def potluck() -> Gathering:
    return make_gathering(kind="shared-meal", seats=8, most_companions=2)


@pytest.fixture
def ines(potluck: Gathering) -> Rsvp:
    return make_seat(potluck, make_member("Ines"))


def tell(rsvp: Rsvp, to: str = "host", companion: Companion | None = None, **eats: Any) -> None:
    """Beside what is told already."""
    known: Any = {
        pk: {name: getattr(each, name) for name in ("to", "diets", "allergens", "words")}
        for pk, each in ToldDiet.objects.of(rsvp).items()
    }
    ToldDiet.objects.tell(rsvp, {**known, companion.pk if companion else None: {"to": to, **NUTS, **eats}})


def url_of(gathering: Gathering, address: str = "diet/") -> str:
    return f"{gathering.get_absolute_url()}{address}"


def read(reader: Member, gathering: Gathering, address: str = "") -> str:
    browser = Client()
    browser.force_login(reader)
    answer = browser.get(url_of(gathering, address))
    return " ".join(Page.of(answer).text.split()) if answer.status_code == 200 else str(answer.status_code)


# Telling


def test_nothing_is_told_until_the_guest_chooses_and_nothing_is_chosen_for_them(
    signed_in: Client, member: Member, potluck: Gathering
) -> None:
    Diet.objects.keep(member, "yes", diets=["vegan"], allergens=["nuts"], words="no raw onions")
    make_seat(potluck, member)
    page = Page.of(signed_in.get(url_of(potluck)))
    assert "you-to" not in page.values  # what they keep for themself stands there, and whom to tell is theirs to say
    assert page.values["you-words"] == "no raw onions"
    assert "vegan" not in read(potluck.host, potluck, "food/told/")
    answer = signed_in.post(url_of(potluck), {"you-diets": "vegan"})
    assert answer.status_code == 422
    assert "Nobody is told until you choose." in Page.of(answer).words["id_you-to_error"]
    assert not ToldDiet.objects.exists()


def test_the_way_to_it_is_on_the_page_as_soon_as_one_sits_waits_or_asks(signed_in: Client, member: Member) -> None:
    full, asked = make_gathering(kind="shared-meal", seats=1), make_gathering(asks_first=True)
    make_seat(full)
    seated = make_gathering()
    for gathering, state in ((seated, "seated"), (full, "waitlisted"), (asked, "asked")):
        assert f"{url_of(gathering)}" not in signed_in.get(gathering.get_absolute_url()).content.decode()
        signed_in.post(url_of(gathering, "rsvp/"))
        assert gathering.rsvps.get(member=member).state == state
        page = signed_in.get(gathering.get_absolute_url()).content.decode()
        assert page.count(f'href="{url_of(gathering)}"') == 2  # beside the seat, and where the food is
        assert "Nobody here has been told what you eat." in page
    walk = make_gathering(kind="walk")
    make_seat(walk, member)
    assert url_of(walk) not in signed_in.get(walk.get_absolute_url()).content.decode()
    assert signed_in.get(url_of(walk)).status_code == 404


SAID = {"you-to": "host", "you-allergens": ["nuts"], "you-words": "a trace is too much"}


def test_each_of_a_party_is_told_of_apart(signed_in: Client, member: Member, potluck: Gathering) -> None:
    seat = potluck.seat(member, companions=[Companion(name="Jo"), Companion(is_child=True)])
    jo, child = seat.companions.order_by("pk")
    said = {**SAID, f"companion{jo.pk}-to": "table", f"companion{jo.pk}-diets": "vegan", "companion999-to": "table"}
    answer = signed_in.post(url_of(potluck), said, follow=True)
    assert "Kept. The table reads what you have told it" in answer.content.decode()
    assert ToldDiet.objects.count() == 2
    page = " ".join(Page.of(answer).text.split())
    assert "You: no nuts, “a trace is too much”. Your host has been told, and nobody else." in page
    assert "Jo: vegan. The table has been told." in page
    host = read(potluck.host, potluck, "food/told/")
    assert "Robin: no nuts, “a trace is too much”" in host
    assert "Jo (with Robin): vegan (the table knows)" in host
    signed_in.post(url_of(potluck), {**said, f"companion{child.pk}-to": "host", f"companion{child.pk}-diets": "halal"})
    assert "a child (with Robin): halal" in read(potluck.host, potluck, "food/told/")


def test_telling_nobody_keeps_nothing_but_that(signed_in: Client, member: Member, potluck: Gathering) -> None:
    make_seat(potluck, member)
    signed_in.post(url_of(potluck), SAID)
    answer = signed_in.post(url_of(potluck), {**SAID, "you-to": "nobody"}, follow=True)
    assert "Kept. Nobody is told." in answer.content.decode()
    told = ToldDiet.objects.get()
    assert (told.to, told.is_empty) == ("nobody", True)
    assert "You: nobody is told anything." in " ".join(Page.of(answer).text.split())
    assert "Robin" not in read(potluck.host, potluck, "food/told/")
    again = Page.of(signed_in.get(url_of(potluck)))
    assert (again.values["you-to"], again.values["you-words"]) == ("nobody", "")


def test_choosing_to_tell_and_saying_nothing_is_asked_about(
    signed_in: Client, member: Member, potluck: Gathering
) -> None:
    make_seat(potluck, member)
    for to in ("host", "table"):
        answer = signed_in.post(url_of(potluck), {"you-to": to})
        assert answer.status_code == 422
        assert "Please tick or write what it is." in Page.of(answer).words["id_you-to_error"]
    assert signed_in.post(url_of(potluck), {}).status_code == 302  # nobody needs to say anything


@pytest.mark.parametrize(
    "odd",
    [
        {"you-to": "everybody"}, {"you-diets": "raw"}, {"you-allergens": "plastic"}, {"you-words": NUL},
        {"you-words": "x" * 201}, {"you-words": "x" * 1_000_000}, {"you-to": ["host", "everybody"]},
    ],
)  # fmt: skip
def test_odd_answers_are_refused_beside_their_field_and_what_was_typed_stays(
    signed_in: Client, member: Member, potluck: Gathering, odd: dict[str, Any]
) -> None:
    make_seat(potluck, member)
    answer = signed_in.post(url_of(potluck), {**SAID, "you-diets": "vegan", **odd})
    assert answer.status_code == 422
    page = Page.of(answer)
    [field] = odd
    assert page.words[f"id_{field}_error"].strip()
    assert page.values["you-words"] == (odd.get("you-words") or SAID["you-words"])
    assert page.is_harmless
    assert not ToldDiet.objects.exists()


@pytest.mark.parametrize(("written", "kept"), [*((text, text) for text in FINE), *TIDIED.items()])
def test_what_is_fine_to_write_is_shown_as_it_was_written(
    signed_in: Client, member: Member, potluck: Gathering, written: str, kept: str
) -> None:
    make_seat(potluck, member)
    signed_in.post(url_of(potluck), {"you-to": "table", "you-words": written})
    assert ToldDiet.objects.get().words == kept
    assert Page.of(signed_in.get(potluck.get_absolute_url())).shows(kept)


# Who reads it: the matrix of safety.md, "diet of others"


@pytest.mark.parametrize("to", ["host", "table", "nobody"])
def test_each_reader_reads_what_was_told_to_them_and_no_more(potluck: Gathering, ines: Rsvp, to: str) -> None:
    eats: dict[str, Any] = (
        {"allergens": [], "words": ""} if to == "nobody" else {"allergens": ["lupin"], "words": "a canary of mine"}
    )
    tell(ines, to, **eats)
    readers = {name: make_member(name.title()) for name in ("seated", "waiting", "member", "left", "keeper")}
    Member.objects.filter(pk=readers["keeper"].pk).update(is_staff=True, is_superuser=True)
    make_seat(potluck, readers["seated"])
    make_seat(potluck, readers["left"]).bow_out()
    Rsvp.objects.filter(pk=make_seat(potluck, readers["waiting"]).pk).update(state="waitlisted", turn=1)
    readers["helper"] = make_member("Helper")
    helping = {"gathering": potluck, "member": readers["helper"], "email": readers["helper"].email}
    CoHost.objects.create(**helping, accepted_at=timezone.now())
    readers["host"] = potluck.host
    may_read = {"host": {"host", "helper"}, "table": {"host", "helper", "seated"}, "nobody": set()}[to]
    for name, reader in readers.items():
        pages = [
            read(reader, potluck, address) for address in ("", "food/told/", "sheet/", "guests/", "diet/", "food/")
        ]
        pages.append(read(reader, potluck, "dishes/"))
        is_read = any("a canary of mine" in page and "no lupin" in page for page in pages)
        assert is_read is (name in may_read), name
        assert any("a canary" in page for page in pages) is is_read, name
    assert "canary" not in Client().get(potluck.get_absolute_url()).content.decode()


def test_whoever_may_not_open_it_finds_nothing_there(potluck: Gathering, ines: Rsvp, member: Member) -> None:
    assert read(member, potluck, "diet/") == "404"
    assert read(potluck.host, potluck, "diet/") == "404"
    for reader in (member, ines.member):
        assert read(reader, potluck, "food/told/") == "404"
        browser = Client()
        browser.force_login(reader)
        assert browser.post(url_of(potluck, "food/told/"), {"words": "No soup"}).status_code == 404
    assert not TableRequest.objects.exists()


def test_the_table_reads_no_names_of_companions_nor_of_those_they_have_blocked(
    signed_in: Client, member: Member, potluck: Gathering
) -> None:
    make_seat(potluck, member)
    seat = potluck.seat(make_member("Zoe"), companions=[Companion(name="Jo")])
    tell(seat, "table", allergens=["nuts"])
    tell(seat, "table", seat.companions.get(), diets=["vegan"], allergens=[])
    page = read(member, potluck)
    assert "Zoe: no nuts" in page
    assert "one more (with Zoe): vegan" in page
    assert "Jo" not in page
    Block.objects.create(blocker=seat.member, blocked=member)
    page = read(member, potluck)
    assert "somebody at the table: no nuts" in page
    assert "Zoe" not in page


# Gone again


def leave(rsvp: Rsvp) -> None:
    rsvp.bow_out()


def withdraw(rsvp: Rsvp) -> None:
    rsvp.decline()


@pytest.mark.parametrize("go", [leave, withdraw])
def test_it_goes_with_the_seat_and_does_not_come_back_with_it(
    potluck: Gathering, ines: Rsvp, go: Callable[[Rsvp], None]
) -> None:
    guest = make_member("Kim")
    make_seat(potluck, guest)
    tell(ines, "table")
    assert "Ines: no nuts" in read(guest, potluck)
    assert "Ines" in read(potluck.host, potluck, "food/told/")
    go(ines)
    assert "no nuts" not in read(guest, potluck)
    assert "no nuts" not in read(potluck.host, potluck, "food/told/")
    if go is leave:
        ines = potluck.seat(ines.member)
        assert "no nuts" not in read(potluck.host, potluck, "food/told/")
        assert "Nobody here has been told what you eat." in read(ines.member, potluck)
    night()
    assert ToldDiet.objects.exists() is (go is leave)  # whoever came back keeps a row that nobody reads, for 7 days
    tell(potluck.rsvps.get(member=guest), "host")  # control: what another tells is read
    assert "Kim: no nuts" in read(potluck.host, potluck, "food/told/")


def test_it_stays_from_the_waitlist_to_the_seat(potluck: Gathering) -> None:
    table = make_gathering(kind="shared-meal", seats=1)
    first, second = make_seat(table), make_seat(table, make_member("Ines"))
    tell(second)
    page = read(table.host, table, "food/told/")
    assert "Of those who hope for a seat Ines: no nuts" in page
    assert "Nothing yet" not in page
    first.bow_out()
    second.refresh_from_db()
    second.accept()
    assert "Nothing yet without nuts for one guest, Ines, since they told you." in read(table.host, table, "food/told/")


def test_saying_something_else_of_ones_seat_keeps_what_was_told_and_another_companion_has_told_nothing(
    signed_in: Client, member: Member, potluck: Gathering
) -> None:
    seat = potluck.seat(member, companions=[Companion(name="Jo"), Companion(name="Kit", is_child=True)])
    for companion in seat.companions.all():
        tell(seat, "host", companion)
    kept = {"companion1-who": "child", "companion1-name": "Kit"}
    signed_in.post(url_of(potluck, "seat/"), {"companion0-who": "adult", "companion0-name": "Jo", **kept, "note": "Hi"})
    assert ToldDiet.objects.count() == 2
    signed_in.post(url_of(potluck, "seat/"), {"companion0-who": "adult", "companion0-name": "Sam", **kept})
    assert [each.companion and each.companion.name for each in ToldDiet.objects.all()] == ["Kit"]
    assert Page.of(signed_in.get(url_of(potluck, "seat/"))).values["companion0-name"] == "Kit"
    kept = {"companion0-who": "child", "companion0-name": "Kit"}
    signed_in.post(url_of(potluck, "seat/"), kept)  # the other comes no more, this one is the same still
    assert [each.companion and each.companion.name for each in ToldDiet.objects.all()] == ["Kit"]
    signed_in.post(url_of(potluck, "seat/"), {})
    assert not ToldDiet.objects.exists()


def test_seven_days_after_the_gathering_it_is_gone_with_what_was_asked(potluck: Gathering, ines: Rsvp) -> None:
    tell(ines, "table")
    TableRequest.objects.ask(potluck, "Please, no nuts tonight")
    for days, is_there in ((6, True), (8, False)):
        with time_machine.travel(potluck.ends_at + timedelta(days=days)):
            night()
        assert (ToldDiet.objects.exists(), TableRequest.objects.exists()) == (is_there, is_there)


def test_taking_the_yes_back_takes_it_from_every_table(signed_in: Client, member: Member, potluck: Gathering) -> None:
    tell(make_seat(potluck, member), "table")
    tell(make_seat(make_gathering(), member))
    page = signed_in.get("/settings/diet/").content.decode()
    assert potluck.title in page
    signed_in.post("/settings/diet/take-back/")
    assert not ToldDiet.objects.exists()
    assert potluck.title not in signed_in.get("/settings/diet/").content.decode()


def test_after_the_end_nothing_is_told_any_more(signed_in: Client, member: Member, potluck: Gathering) -> None:
    tell(make_seat(potluck, member))
    with time_machine.travel(potluck.ends_at + timedelta(hours=1)):
        for answer in (signed_in.get(url_of(potluck)), signed_in.post(url_of(potluck), {"you-to": "nobody"})):
            assert answer["Location"] == f"{potluck.get_absolute_url()}#food"
        host = Client()
        host.force_login(potluck.host)
        host.post(url_of(potluck, "food/told/"), {"words": "No soup"})
    assert ToldDiet.objects.get().to == "host"
    assert not TableRequest.objects.exists()


def test_the_database_itself_keeps_nothing_of_who_tells_nobody_and_one_of_each(ines: Rsvp) -> None:
    tell(ines)
    same: dict[str, Any] = {"rsvp": ines, "round": 1, "to": "host"}
    for fields, name in (({}, "told_diet_once_per_guest|UNIQUE"), ({"to": "nobody", "allergens": ["nuts"]}, "nobody")):
        ToldDiet.objects.filter(rsvp=ines).exclude(to="host").delete()
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            ToldDiet.objects.create(**{**same, **fields})


# What the hosts read of it


def dish(gathering: Gathering, what: str, need: str = "mains", **labels: Any) -> Dish:
    return Dish.objects.bring(gathering, gathering.host, need, what, serves=8, **labels)


def test_the_host_reads_exactly_what_is_missing_for_whom(potluck: Gathering, ines: Rsvp) -> None:
    tell(ines)
    dish(potluck, "Stew")
    dish(potluck, "Pie", allergens=["gluten"], is_sure=False)
    dish(potluck, "Brittle", "dessert", allergens=["nuts"], is_sure=True)
    sentence = "Nothing yet without nuts for one guest, Ines, since they told you."
    for address in ("", "food/told/", "sheet/"):
        assert sentence in read(potluck.host, potluck, address)
    dish(potluck, "Figs", "dessert", is_sure=True)
    page = read(potluck.host, potluck, "food/told/")
    assert sentence not in page
    assert "By what is said of them, these suit Ines: Figs." in page
    assert "Nothing yet without nuts among: Starters, Main dishes, Sides and salads, Bread." in page
    assert "It informs and promises nothing" in page


def test_those_who_told_the_same_stand_in_one_sentence_and_own_words_are_left_to_the_reader(
    potluck: Gathering, ines: Rsvp
) -> None:
    noor, kim = (make_seat(potluck, make_member(name)) for name in ("Noor", "Kim"))
    tell(ines, diets=["vegan"], allergens=["nuts", "sesame"])
    tell(noor, "table", diets=["vegan"], allergens=["sesame", "nuts"], words="and no cumin")
    tell(kim, allergens=[], words="only what is white")
    page = read(potluck.host, potluck, "food/told/")
    assert (
        "Nothing yet that is vegan and without nuts and sesame for 2 guests, Ines and Noor, since they told you."
        in page
    )
    assert "Noor: vegan, no nuts, no sesame, “and no cumin” (the table knows)" in page
    assert "Kim: “only what is white”" in page
    assert "for one guest, Kim" not in page


def test_where_the_host_cooks_it_is_a_list(ines: Rsvp, potluck: Gathering) -> None:
    Meal.objects.choose(potluck, "cook")
    tell(ines, diets=["coeliac"], allergens=[])
    page = read(potluck.host, potluck)
    assert "Ines: coeliac" in page
    assert "Nothing yet" not in page


def test_whoever_brings_somebody_the_host_has_not_agreed_to_is_not_cooked_for_yet(potluck: Gathering) -> None:
    Gathering.objects.filter(pk=potluck.pk).update(asks_first=True)
    seat = potluck.seat(make_member("Ines"))
    seat.admit()
    seat.bring([Companion(name="Jo")])
    tell(seat, "table", seat.companions.get())
    make_seat_of_kim = potluck.seat(kim := make_member("Kim"))
    make_seat_of_kim.admit()
    assert "Of those who hope for a seat Jo (with Ines): no nuts" in read(potluck.host, potluck, "food/told/")
    assert "one more (with Ines)" not in read(kim, potluck)
    seat.agree()
    assert "one more (with Ines): no nuts" in read(kim, potluck)


# What the host asks in their own words


def test_a_sentence_to_begin_with_names_nobody_and_is_sent_or_changed_by_the_host(
    client: Client, potluck: Gathering, ines: Rsvp
) -> None:
    tell(ines, diets=["coeliac"])
    client.force_login(potluck.host)
    page = client.get(potluck.get_absolute_url()).content.decode()
    assert f'{url_of(potluck, "food/told/")}?suggest"' in page  # one click in the host's view
    suggested = Page.of(client.get(f"{url_of(potluck, 'food/told/')}?suggest")).values["words"]
    tonight = "tonight" if potluck.starts.hour >= 17 else "this time"
    assert suggested == (
        f"Please, no nuts {tonight}. Something that is made without gluten and kept apart from flour would be welcome."
    )
    assert "Ines" not in suggested
    assert Page.of(client.get(url_of(potluck, "food/told/"))).values["words"] == ""
    guest = make_member("Kim")
    make_seat(potluck, guest)
    assert "nuts" not in read(guest, potluck)
    for words in (suggested, "Please, no nuts tonight"):
        client.post(url_of(potluck, "food/told/"), {"words": words})
        assert f"Mei asks of the table {words}" in read(guest, potluck)
    for stranger in (None, make_member("Lou")):
        client.force_login(stranger) if stranger else client.logout()
        assert "no nuts" not in client.get(potluck.get_absolute_url()).content.decode()
    client.force_login(potluck.host)
    client.post(url_of(potluck, "food/told/"), {"words": " "})
    assert not TableRequest.objects.exists()
    assert "asks of the table" not in read(guest, potluck)


def test_what_could_fill_a_book_is_suggested_in_part(client: Client, potluck: Gathering) -> None:
    from apps.profiles.diets import ALLERGENS

    for at, allergen in enumerate([*ALLERGENS][:8]):
        tell(make_seat(potluck, make_member(f"Guest {at}")), allergens=[allergen, "milk"], diets=["vegan"])
    client.force_login(potluck.host)
    page = Page.of(client.get(f"{url_of(potluck, 'food/told/')}?suggest"))
    assert 0 < len(page.values["words"]) <= 200


@pytest.mark.parametrize("odd", [NUL, "x" * 201, "x" * 1_000_000])
def test_an_odd_request_is_refused_and_the_one_before_stands(client: Client, potluck: Gathering, odd: str) -> None:
    TableRequest.objects.ask(potluck, "No soup")
    client.force_login(potluck.host)
    answer = client.post(url_of(potluck, "food/told/"), {"words": odd})
    assert answer.status_code == 422
    page = Page.of(answer)
    assert page.attributes["words"]["aria-invalid"] == "true"
    assert page.values["words"] == odd
    assert TableRequest.objects.get().words == "No soup"


@pytest.mark.parametrize(("written", "kept"), [*((text, text) for text in FINE), *TIDIED.items()])
def test_what_a_host_asks_is_shown_as_it_was_written(
    client: Client, potluck: Gathering, ines: Rsvp, written: str, kept: str
) -> None:
    client.force_login(potluck.host)
    client.post(url_of(potluck, "food/told/"), {"words": written})
    client.force_login(ines.member)
    assert Page.of(client.get(potluck.get_absolute_url())).shows(kept)


def test_a_full_table_where_all_have_told_takes_no_more_queries_than_one_guest(client: Client) -> None:
    potluck = make_gathering(kind="shared-meal", seats=12, most_companions=2)
    counts: dict[str, list[int]] = {}
    for more in (1, 5):
        for number in range(more):
            seat = potluck.seat(make_member(f"Guest {more} {number}"), companions=[Companion(name="Jo")])
            tell(seat, "table", allergens=[["nuts", "milk", "eggs", "fish", "lupin"][number]])
            tell(seat, "host", seat.companions.get(), diets=["vegan"])
            dish(potluck, f"Dish {more} {number}", is_sure=True)
        seated = potluck.rsvps.seated().first()
        assert seated is not None
        for name, reader, address in (
            ("guest", seated.member, ""), ("form", seated.member, "diet/"), ("host", potluck.host, ""),
            ("told", potluck.host, "food/told/"), ("sheet", potluck.host, "sheet/"),
        ):  # fmt: skip
            client.force_login(reader)
            client.get("/help/")  # the day of the visit is written once
            with CaptureQueriesContext(connection) as queries:
                client.get(url_of(potluck, address))
            counts.setdefault(name, []).append(len(queries))
    assert all(few == many for few, many in counts.values()), counts
    assert max(few for few, _many in counts.values()) <= 32, counts
