"""The comfort facts of a gathering: yes, no, or not said. All that is written, asked or searched of one stands here.

The columns are in `models/comforts.py`; form, card, question, filter and mail read this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

MEALS = ("dinner", "shared-meal")
FILMS = ("movie-night",)


@dataclass(frozen=True)
class Answer:
    """One of the two things that a host can say of a fact."""

    words: StrPromise  # on the card and in mails
    more: StrPromise | str = ""  # what it means, on the card
    choice: StrPromise | str = ""  # beside the question, in the host's form
    reply: StrPromise | str = ""  # to whoever asked; where it differs from `words`
    icon: str = ""
    switch: str = ""  # its name in the address of a search; none: it is not searched for
    chip: StrPromise | str = ""  # of that search


@dataclass(frozen=True)
class Fact:
    field: str  # of the gathering
    topic: StrPromise  # "Animals", before what is said of them
    about: StrPromise  # "Ask about animals"
    question: StrPromise
    yes: Answer
    no: Answer
    label: StrPromise | str = ""  # in forms and mails, where the topic alone says too little
    brief: StrPromise | str = ""  # a yes on a small card
    is_deciding: bool = False  # has a line of its own on the card, said or not
    is_asked: bool = False  # before publishing
    kinds: tuple[str, ...] = ()  # none: every kind

    @property
    def name(self) -> StrPromise | str:
        return self.label or self.topic

    def answer(self, is_so: bool) -> Answer:
        return self.yes if is_so else self.no

    def icon(self, is_so: bool | None) -> str:
        return self.answer(bool(is_so)).icon or self.yes.icon

    def reply(self, is_so: bool) -> StrPromise | str:
        answer = self.answer(is_so)
        return answer.reply or answer.words

    def is_for(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds


ALL = [
    Fact(
        "is_step_free",
        _("Steps"),
        _("steps"),
        _("Are there steps to the door, the table or the toilet?"),
        Answer(
            _("No steps"),
            _("To the door, the table and the toilet."),
            _("There are none"),
            _("No, there are none."),
            "steps",
            "step_free",
            _("No steps"),
        ),
        Answer(
            _("There are steps"),
            _("To the door, the table or the toilet."),
            _("There are some"),
            _("Yes, there are some."),
        ),
        label=_("Steps to the door, the table or the toilet"),
        brief=_("no steps"),
        is_deciding=True,
        is_asked=True,
    ),
    Fact(
        "is_alcohol_free",
        _("Alcohol"),
        _("alcohol"),
        _("Is there alcohol?"),
        Answer(
            _("No alcohol here"),
            _("Please don’t bring any."),
            _("There is none"),
            _("No, there is none."),
            "wine-off",
            "alcohol_free",
            _("No alcohol"),
        ),
        Answer(
            _("There may be alcohol"),
            _("Nobody has to drink."),
            _("There may be some"),
            _("Yes, there may be some."),
            "wine",
        ),
        brief=_("no alcohol"),
        is_deciding=True,
        is_asked=True,
    ),
    Fact(
        "is_animal_free",
        _("Animals"),
        _("animals"),
        _("Are there animals?"),
        Answer(
            _("No animals"),
            "",
            _("There are none"),
            _("No, there are none."),
            "paw-print",
            "animal_free",
            _("No animals"),
        ),
        Answer(_("There are animals"), "", _("There are some"), _("Yes, there are some.")),
        brief=_("no animals"),
        is_deciding=True,
        is_asked=True,
    ),
    Fact(
        "is_quiet",
        _("Noise"),
        _("noise"),
        _("Is it quiet, with one conversation at a time?"),
        Answer(_("Quiet"), _("One conversation at a time."), icon="ear", switch="quiet", chip=_("Quiet")),
        Answer(_("It may get lively"), _("Several conversations at once, or music."), icon="audio-lines"),
        brief=_("quiet"),
        is_deciding=True,
    ),
    Fact(
        "has_captions",
        _("Captions"),
        _("captions"),
        _("Does the film have captions?"),
        Answer(_("With captions"), icon="captions", switch="captions", chip=_("Captions")),
        Answer(_("Without captions")),
        brief=_("captions"),
        kinds=FILMS,
    ),
    Fact(
        "is_scent_free",
        _("Scents"),
        _("scents"),
        _("Is it free of scents? No perfume, no incense."),
        Answer(_("Scent-free"), _("Please wear none."), icon="flower-2", switch="scent_free", chip=_("Scent-free")),
        Answer(_("There may be scents")),
        brief=_("scent-free"),
    ),
    Fact(
        "is_smoke_free",
        _("Smoke"),
        _("smoke"),
        _("Is it smoke-free?"),
        Answer(_("Smoke-free"), icon="cigarette-off", switch="smoke_free", chip=_("Smoke-free")),
        Answer(_("Somebody may smoke"), icon="cigarette"),
        brief=_("smoke-free"),
    ),
    Fact(
        "is_softly_lit",
        _("Light"),
        _("the light"),
        _("What is the light like?"),
        Answer(_("Soft light"), choice=_("Soft"), icon="lamp", switch="soft_light", chip=_("Soft light")),
        Answer(_("Bright light"), choice=_("Bright"), icon="sun", switch="bright", chip=_("Bright light")),
    ),
    Fact(
        "is_child_friendly",
        _("Children"),
        _("children"),
        _("Are children welcome?"),
        Answer(_("Children are welcome"), icon="baby", switch="children", chip=_("Children welcome")),
        Answer(_("For adults")),
        brief=_("children welcome"),
    ),
    Fact(
        "is_fine_to_leave",
        _("Leaving early"),
        _("leaving early"),
        _("Is it fine to leave early?"),
        Answer(_("Fine to leave early"), icon="moon-star", switch="leave_early", chip=_("Fine to leave early")),
        Answer(_("It works best if everyone stays to the end")),
    ),
    Fact(
        "is_fine_to_listen",
        _("Just listening"),
        _("just listening"),
        _("Is it fine to just listen?"),
        Answer(_("Fine to just listen"), icon="message-circle", switch="listen", chip=_("Fine to just listen")),
        Answer(_("Everyone joins in")),
        brief=_("fine to just listen"),
    ),
    Fact(
        "is_costless",
        _("Cost"),
        _("the cost"),
        _("Does it cost nothing?"),
        Answer(_("Costs nothing"), icon="coins", switch="no_cost", chip=_("Costs nothing")),
        Answer(_("It costs something")),
    ),
    Fact(
        "has_vegan",
        _("Vegan food"),
        _("vegan food"),
        _("Is vegan food possible?"),
        Answer(_("Vegan possible"), icon="vegan", switch="vegan", chip=_("Vegan possible")),
        Answer(_("Nothing vegan")),
        brief=_("vegan possible"),
        kinds=MEALS,
    ),
    Fact(
        "has_vegetarian",
        _("Vegetarian food"),
        _("vegetarian food"),
        _("Is vegetarian food possible?"),
        Answer(_("Vegetarian possible"), icon="salad", switch="vegetarian", chip=_("Vegetarian possible")),
        Answer(_("Nothing vegetarian")),
        brief=_("vegetarian possible"),
        kinds=MEALS,
    ),
    Fact(
        "has_halal",
        _("Halal food"),
        _("halal food"),
        _("Is halal food possible?"),
        Answer(_("Halal possible"), icon="utensils", switch="halal", chip=_("Halal possible")),
        Answer(_("Nothing halal")),
        brief=_("halal possible"),
        kinds=MEALS,
    ),
    Fact(
        "has_kosher",
        _("Kosher food"),
        _("kosher food"),
        _("Is kosher food possible?"),
        Answer(_("Kosher possible"), icon="utensils", switch="kosher", chip=_("Kosher possible")),
        Answer(_("Nothing kosher")),
        brief=_("kosher possible"),
        kinds=MEALS,
    ),
    Fact(
        "has_no_gluten",
        _("Gluten"),
        _("gluten"),
        _("Can you cook without gluten?"),
        Answer(_("Can cook without gluten"), icon="wheat-off", switch="no_gluten", chip=_("Can cook without gluten")),
        Answer(_("Cannot cook without gluten"), icon="wheat"),
        brief=_("can cook without gluten"),
        kinds=MEALS,
    ),
]
FACTS = {fact.field: fact for fact in ALL}
DECIDING = [fact for fact in ALL if fact.is_deciding]
OTHERS = [fact for fact in ALL if not fact.is_deciding]
ASKED = [fact for fact in ALL if fact.is_asked]  # before publishing
UNDER_MORE = [fact for fact in ALL if not fact.is_asked]
ON_SMALL_CARDS = [fact for fact in ALL if fact.brief]


def facts_for(kind: str) -> list[Fact]:
    return [fact for fact in ALL if fact.is_for(kind)]
