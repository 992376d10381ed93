"""What people eat and what is in food: the words that dishes are labelled with, and that members say of themselves."""

from collections.abc import Iterable
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# To prefer no gluten and to be coeliac are two things: for the latter it also matters where a dish was made.
DIETS = {
    "vegan": _("vegan"),
    "vegetarian": _("vegetarian"),
    "halal": _("halal"),
    "kosher": _("kosher"),
    "no-gluten": _("no gluten ingredients"),
    "apart-from-flour": _("kept apart from flour"),
}
# The fourteen of the European Union (Regulation 1169/2011, Annex II).
ALLERGENS = {
    "gluten": _("cereals with gluten"),
    "crustaceans": _("crustaceans"),
    "eggs": _("eggs"),
    "fish": _("fish"),
    "peanuts": _("peanuts"),
    "soya": _("soya"),
    "milk": _("milk"),
    "nuts": _("nuts"),
    "celery": _("celery"),
    "mustard": _("mustard"),
    "sesame": _("sesame"),
    "sulphites": _("sulphites"),
    "lupin": _("lupin"),
    "molluscs": _("molluscs"),
}
# What somebody says of themself. To be coeliac is no stronger wish than to prefer no gluten; it is another need.
EATS = {
    "vegan": _("vegan"),
    "vegetarian": _("vegetarian"),
    "halal": _("halal"),
    "kosher": _("kosher"),
    "no-gluten": _("rather no gluten"),
    "coeliac": _("coeliac: no gluten, and nothing that met flour"),
}
SHORT = {**EATS, "coeliac": _("coeliac")}
# A dish for them is one of which it may be said that it is …
SUITABLE = {
    **{key: DIETS[key] for key in ("vegan", "vegetarian", "halal", "kosher")},
    "no-gluten": _("made without gluten"),
    "coeliac": _("made without gluten and kept apart from flour"),
}


def said(diets: Iterable[str], allergens: Iterable[str]) -> list[str]:
    """What somebody eats, shortly: "vegan", "no nuts"."""
    diets, allergens = set(diets), set(allergens)
    return [str(SHORT[key]) for key in EATS if key in diets] + [
        gettext("no %(allergen)s") % {"allergen": ALLERGENS[key]} for key in ALLERGENS if key in allergens
    ]


def suitable(diets: Iterable[str], allergens: Iterable[str]) -> str:
    """What a dish for them is: "that is vegan and without nuts"."""
    diets, allergens = set(diets), set(allergens)
    parts = []
    if diets:
        parts.append(gettext("that is %s") % listed(SUITABLE[key] for key in EATS if key in diets))
    if allergens:
        parts.append(gettext("without %s") % listed(ALLERGENS[key] for key in ALLERGENS if key in allergens))
    return listed(parts)


def listed(words: Iterable[Any]) -> str:
    return get_text_list([str(each) for each in words], gettext("and"))
