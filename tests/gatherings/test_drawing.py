from itertools import combinations
from math import hypot
from xml.etree import ElementTree

import pytest
from django.utils.translation import override

from apps.gatherings.drawing import Seating, draw, figure_of, seating_of, sentence
from apps.gatherings.drawing.parts import Figure, Mark
from apps.gatherings.drawing.seating import State, seat_states
from apps.gatherings.models import Gathering, Rsvp
from apps.gatherings.templatetags.distances import distance
from apps.gatherings.templatetags.drawing import KIND_TITLES, KIND_WORDS, table_drawing
from apps.profiles.models import Member

KINDS = ["dinner", "shared-meal", "movie-night", "walk", "tea", "games", "making", "quiet", "other"]
REACH = {"d-walker": 9, "d-dot": 5}  # units from a seat's middle to its outer edge


def inside(mark: Mark, box: tuple[float, float, float, float], reach: float) -> bool:
    left, top, width, height = box
    return left + reach <= mark.x <= left + width - reach and top + reach <= mark.y <= top + height - reach


@pytest.mark.parametrize(
    ("seating", "words"),
    [
        (Seating("dinner", 5, 3), "Five seats, three taken, two free"),
        (Seating("dinner", 1, 0), "One seat, all free"),
        (Seating("dinner", 8, 8), "Eight seats, all taken"),
        (Seating("dinner", 40, 17), "40 seats, 17 taken, 23 free"),
        (Seating("dinner", 5, 3, mine=1), "Five seats, three taken, two free, one of them yours"),
        (Seating("dinner", 6, 2, kept=2), "Six seats, two taken, four free, first-timers welcome"),
    ],
)
def test_the_drawing_says_in_words_what_it_shows(seating: Seating, words: str) -> None:
    with override("en"):
        assert sentence(seating) == words


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seats", [1, 2, 5, 8, 9, 12, 15, 23, 40])
def test_every_seat_and_the_host_are_drawn_whole_and_clear_of_the_edge(kind: str, seats: int) -> None:
    for taken in (0, seats // 2, seats):
        drawing = draw(Seating(kind, seats, taken))
        reach = REACH.get(drawing.shape, 14)
        assert len(drawing.marks) == seats + 1
        assert all(inside(mark, drawing.box, reach) for mark in drawing.marks)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seats", [1, 4, 8, 12, 25, 40])
def test_no_two_seats_lie_on_one_another(kind: str, seats: int) -> None:
    drawing = draw(Seating(kind, seats, seats // 2))
    apart = 2 * REACH.get(drawing.shape, 10) - 3
    assert all(hypot(one.x - two.x, one.y - two.y) >= apart for one, two in combinations(drawing.marks, 2))


def test_one_free_seat_stands_pulled_out_until_one_has_ones_own() -> None:
    assert seat_states(Seating("dinner", 4, 1)) == [State.TAKEN, State.FREE, State.FREE, State.PULLED]
    assert seat_states(Seating("dinner", 4, 2, mine=1)) == [
        State.TAKEN,
        State.FREE,
        State.FREE,
        State.MINE,
    ]
    assert State.PULLED not in seat_states(Seating("dinner", 4, 4))


def test_the_seat_that_stood_pulled_out_becomes_ones_own() -> None:
    before, after = draw(Seating("dinner", 5, 2)), draw(Seating("dinner", 5, 3, mine=1))
    pulled = next(mark for mark in before.marks if mark.state is State.PULLED)
    mine = next(mark for mark in after.marks if mark.state is State.MINE)
    assert hypot(pulled.x, pulled.y) - hypot(mine.x, mine.y) > 15
    assert pulled.x == pytest.approx(mine.x, abs=6)
    assert before.box == after.box


def test_seats_kept_for_first_timers_are_free_seats_with_a_door() -> None:
    seating = Seating("dinner", 6, 2, kept=2)
    assert seat_states(seating).count(State.KEPT) == 2
    assert table_drawing(seating).count("#d-door") == 2


def test_more_taken_than_there_are_seats_is_drawn_as_full() -> None:
    assert seat_states(Seating("dinner", 3, 5)) == [State.TAKEN] * 3


@pytest.mark.parametrize(
    ("kind", "seats", "figure"),
    [
        ("dinner", 8, Figure.ROUND),
        ("dinner", 9, Figure.LONG),
        ("movie-night", 5, Figure.SOFA),
        ("walk", 12, Figure.PATH),
        ("quiet", 4, Figure.ROUND),
    ],
)
def test_the_figure_follows_the_kind(kind: str, seats: int, figure: Figure) -> None:
    assert figure_of(Seating(kind, seats, 0)) is figure


@pytest.mark.parametrize("kind", KINDS)
def test_a_card_stays_under_three_kilobytes_and_holds_no_inline_style(kind: str) -> None:
    for seats in (5, 12, 40):
        svg = table_drawing(Seating(kind, seats, seats // 2), "card")
        assert len(svg) < 3_000
        assert ElementTree.fromstring(svg).get("role") == "img"
        assert "style=" not in svg


def test_initials_are_drawn_on_the_page_escaped_and_never_on_a_card() -> None:
    seating = Seating("dinner", 4, 3, mine=1, initials=("<b", "JR"))
    page = table_drawing(seating, "page")
    assert "&lt;b" in page
    assert ">JR<" in page
    assert ">you<" in page
    assert "JR" not in table_drawing(seating, "card")


def test_a_decoration_is_hidden_from_those_who_listen() -> None:
    svg = ElementTree.fromstring(table_drawing(Seating("tea", 3, 0), "card", True))
    assert svg.get("aria-hidden") == "true"
    assert svg.get("role") is None


def test_the_seating_of_a_gathering_knows_whose_seat_is_ones_own() -> None:
    gathering = Gathering(kind="dinner", seats=5, seats_taken=2)
    seated, left = Rsvp(state=Rsvp.State.SEATED, member_id=1), Rsvp(state=Rsvp.State.LEFT, member_id=1)
    guests = [Member(pk=1, name="Mei"), Member(pk=2, name="Jo Reed")]
    assert seating_of(gathering, seated, guests) == Seating("dinner", 5, 2, mine=1, initials=("JR",))
    assert seating_of(gathering, left).mine == 0
    assert seating_of(gathering).initials == ()


def test_every_kind_has_its_title_and_its_words() -> None:
    assert sorted(KIND_TITLES) == sorted(KIND_WORDS) == sorted(KINDS)


@pytest.mark.parametrize(("metres", "words"), [(0, "within a kilometre"), (1240, "1.2 km"), (23_400, "23 km")])
def test_a_distance_is_no_finer_than_what_is_kept(metres: float, words: str) -> None:
    with override("en"):
        assert distance(metres) == words


@pytest.mark.parametrize(("kind", "is_said"), [("shared-meal", True), ("movie-night", False), ("walk", False)])
def test_a_drawing_speaks_of_dishes_only_where_it_shows_them(kind: str, is_said: bool) -> None:
    assert ("Five seats, three taken, two free" in table_drawing(Seating(kind, 5, 3), plates=2)) is True
    assert ("two dishes on the table" in table_drawing(Seating(kind, 5, 3), plates=2)) is is_said
