import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.places.points import parse_point

BRISTOL = (51.4545, -2.5879)


@pytest.mark.parametrize(
    "text",
    [
        "51.4545, -2.5879",
        "51.4545,-2.5879",
        " (51.4545 -2.5879) ",
        "51.4545; \N{MINUS SIGN}2.5879",
        "51,4545; -2,5879",
        "51,4545 -2,5879",
        "51.4545° N, 2.5879° W",
        "N51.4545 W2.5879",
        "51.4545n 2.5879w",
        "2.5879 W, 51.4545 N",
        "51° 27' 16.2\" N, 2° 35' 16.44\" W",
        "51°27′16.2″N2°35′16.44″W",
        "https://maps.example/maps/@51.4545,-2.5879,15z",
        "https://maps.example/place/Somewhere/@51.0,-2.0,17z/data=!3m1!4b1!3d51.4545!4d-2.5879",
        "https://maps.example/?mlat=51.4545&mlon=-2.5879#map=15/51.40/-2.50",
        "https://maps.example/#map=15/51.4545/-2.5879",
        "https://maps.example/?q=51.4545%2C-2.5879",
        "https://maps.example/?ll=51.4545,-2.5879&z=12",
        "geo:51.4545,-2.5879?z=16",
    ],
)
def test_a_pasted_point_is_read(text: str) -> None:
    assert parse_point(text) == pytest.approx(BRISTOL, abs=1e-6)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bristol",
        "51.4545",
        "51,4545",
        "51,45,2,58",
        "91, 0",
        "0, 180.1",
        "-91.5,0",
        "91.5 N, 2 W",
        "NaN, NaN",
        "inf, 0",
        "1e1, 2",
        "-2.5 W, 51.4 N",
        "51.4 N, 2.5 S",
        "51.4 N, 2.5",
        "51° 75' N, 2° W",
        "1, 2, 3",
        "٥١٫٤, ٢٫٥",
        "51.4545, -2.5879 <script>",
        "https://maps.example/@191.5,-2.5,15z",
        "https://maps.example/nowhere",
        "\x00",
        "51.4\x00, 2.5",
        "9" * 1_000_000,
        "https://maps.example/" + "@1" * 500_000,
    ],
)
def test_what_is_no_point_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r"^Not a point on Earth\.$") as refusal:
        parse_point(text)
    assert refusal.value.__cause__ is None


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_point_that_is_written_out_is_read_back(latitude: float, longitude: float) -> None:
    assert parse_point(f"{latitude:.6f}, {longitude:.6f}") == (round(latitude, 6), round(longitude, 6))


@given(st.text(max_size=80))
def test_nothing_that_can_be_pasted_does_more_than_be_refused(text: str) -> None:
    try:
        latitude, longitude = parse_point(text)
    except ValueError:
        return
    assert abs(latitude) <= 90
    assert abs(longitude) <= 180
