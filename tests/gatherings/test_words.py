"""What is typed is found by the words that people read, on both databases and in any script."""

import pytest

from apps.gatherings.models import Gathering
from tests.factories import make_gathering

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("A vegan/vegetarian table", "vegetarian"),
        ("Wine.And.Cheese", "cheese"),
        ("Soup at mail@table", "table"),
        ("Rock-and-roll evening", "roll"),
        ("Six_hands", "hands"),
        ("Room+7", "7"),
        ("Minus -5 and a fire", "5"),
        ("हिन्दी की शाम", "हिन्दी"),
        ("ลาบและข้าวเหนียว", "ลาบ"),
        ("عشاء هادئ", "هادئ"),
        ("Jūratė's café/bar", "bar"),
    ],
)
def test_a_word_is_found_whatever_joins_it_to_the_next(title: str, typed: str) -> None:
    make_gathering(title=title)
    assert [each.title for each in Gathering.objects.saying(typed)] == [title]
    assert not Gathering.objects.saying(f"x{typed}").exists()  # control: not everything is


@pytest.mark.parametrize("typed", ["\u0301", "ा", "²", "ª", "Ⅳ", "½", "'", "\\", ":*", "!", "a & b", "<->"])
def test_odd_signs_are_asked_for_without_harm(typed: str) -> None:
    make_gathering(title="Soup")
    assert Gathering.objects.saying(typed).count() in (0, 1)


@pytest.mark.parametrize("typed", ["العربية", "العربيّة", "arabic", "Français", "francais", "French"])
def test_a_language_is_found_by_either_name_with_its_marks_or_without(typed: str) -> None:
    spoken = "Arabic" if typed[0] in "اa" else "French"
    make_gathering(languages=f"English, {spoken}")
    make_gathering(languages="Welsh")
    assert [each.languages for each in Gathering.objects.speaking(typed)] == [f"English, {spoken}"]
