from apps.meals.models.dish import Dish
from apps.meals.models.meal import Adjustment, Meal
from apps.meals.models.refusals import (
    BringsEnough,
    CannotBring,
    HostCooks,
    NeedTaken,
    NobodyEats,
    NotAtTheTable,
    TableIsLaden,
)
from apps.meals.models.told import TableRequest, ToldDiet

__all__ = [
    "Adjustment",
    "BringsEnough",
    "CannotBring",
    "Dish",
    "HostCooks",
    "Meal",
    "NeedTaken",
    "NobodyEats",
    "NotAtTheTable",
    "TableIsLaden",
    "TableRequest",
    "ToldDiet",
]
