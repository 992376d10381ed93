"""Which dish suits whom, by its labels. Nothing here asks the database.

What is not said, or of which somebody is not sure, never suits anybody whom it concerns. A label that the rest of what
is said of the dish belies, as "vegan" beside "milk", is none.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

# For each thing that somebody may say of themself, the labels of which one set must stand there whole.
LABELS: dict[str, list[set[str]]] = {
    "vegan": [{"vegan"}],
    "vegetarian": [{"vegetarian"}, {"vegan"}],
    "halal": [{"halal"}],
    "kosher": [{"kosher"}],
    "no-gluten": [{"no-gluten"}],
    "coeliac": [{"no-gluten", "apart-from-flour"}],
}
OF_ANIMALS = {"crustaceans", "eggs", "fish", "milk", "molluscs"}
BELIED_BY: dict[str, set[str]] = {
    "vegan": OF_ANIMALS,
    "vegetarian": {"crustaceans", "fish", "molluscs"},
    "kosher": {"crustaceans", "molluscs"},
    "no-gluten": {"gluten"},
    "coeliac": {"gluten"},
    "apart-from-flour": {"gluten"},
}
BY_ALLERGENS = {"no-gluten", "coeliac"}  # of which whoever is not sure of the allergens is not sure either


class Labelled(Protocol):
    diets: Collection[str]
    allergens: Collection[str]
    is_sure: bool | None


def suits(dish: Labelled, diets: Collection[str], allergens: Collection[str]) -> bool:
    """Whether all that is said of the dish is right for somebody who eats like that."""
    return all(suits_diet(dish, diet) for diet in diets) and (not allergens or is_without(dish, allergens))


def suits_diet(dish: Labelled, diet: str) -> bool:
    if diet in BY_ALLERGENS and dish.is_sure is False:
        return False
    is_belied = bool(BELIED_BY.get(diet, set()) & set(dish.allergens))
    return not is_belied and any(labels <= set(dish.diets) for labels in LABELS.get(diet, []))


def belied(diets: Collection[str], allergens: Collection[str]) -> dict[str, list[str]]:
    """Which of these labels cannot be true of what contains these, and because of which of them."""
    found = {label: [each for each in allergens if each in BELIED_BY.get(label, set())] for label in diets}
    return {label: because for label, because in found.items() if because}


def is_without(dish: Labelled, allergens: Collection[str]) -> bool:
    return dish.is_sure is True and not set(allergens) & set(dish.allergens)
