import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.places.distance import metres_between, metres_from
from apps.places.models import Town
from tests.places import towns

points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def test_bristol_is_171_km_from_london() -> None:
    assert metres_between(51.455, -2.597, 51.509, -0.126) == pytest.approx(171_200, rel=0.002)


@given(points, points)
def test_distance_is_the_same_both_ways_and_at_most_half_round(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    metres = metres_between(*one, *other)
    assert 0 <= metres <= 20_015_200
    assert metres == pytest.approx(metres_between(*other, *one), abs=1)


@pytest.mark.parametrize("point", [(51.455, -2.597), (-51.455, 177.403), (90, 0), (0, 180), (-36.8, 174.8)])
def test_the_database_measures_as_python_does(gazetteer: None, point: tuple[float, float]) -> None:
    """The second point is opposite Bristol, where rounding asks for the arc of more than 1."""
    for town in Town.objects.annotate(metres=metres_from(*point)):
        assert isinstance(town.metres, int)
        assert town.metres == pytest.approx(metres_between(*point, *town.point), abs=1)


def test_fields_of_another_name_may_be_measured(gazetteer: None) -> None:
    swapped = metres_from(-2.597, 51.455, "longitude", "latitude")
    assert Town.objects.annotate(metres=swapped).get(pk=towns.BRISTOL).metres == 0
