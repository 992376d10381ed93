"""What people eat and what is in food: the words that dishes are labelled with.

They stand on this floor so that a member may one day say what they eat in the same words.
"""

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
