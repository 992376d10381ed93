"""What people of a demo town bring: of each need something, with what is in it."""

from typing import NamedTuple


class DishIdea(NamedTuple):
    what: str
    need: str
    serves: int | None = None
    allergens: tuple[str, ...] = ()
    diets: tuple[str, ...] = ()
    is_sure: bool | None = None
    needs_oven: bool = False
    needs_fridge: bool = False


DISHES = [
    DishIdea("A big bean stew", "mains", 6, ("celery",), ("vegan",), True),
    DishIdea("Plum cake", "dessert", 10, ("gluten", "eggs", "milk"), ("vegetarian",), True),
    DishIdea("Potato salad, the warm kind", "sides", 6, ("mustard",), ("vegan",), False),
    DishIdea("Two loaves", "bread", 10, ("gluten",), ("vegan",), True),
    DishIdea("Elderflower and water", "drinks", 8),
    DishIdea("", "washing-up"),
    DishIdea("Olives and pickled things", "starters", 8, (), ("vegan",), False),
    DishIdea("Lentil pie", "mains", 5, ("gluten", "milk"), ("vegetarian",), None, True),
    DishIdea("A green salad", "sides", 6, (), ("vegan",), True, False, True),
    DishIdea("Ginger beer, made at home", "drinks", 6),
]
