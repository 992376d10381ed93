"""What else is to be known of a walk, a tea, games, making or quiet company: a few words each, or none.

The columns are in `models/details.py`; form, page and mails read this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


@dataclass(frozen=True)
class Detail:
    field: str  # of the gathering
    kind: str
    label: StrPromise  # on its page and in mails
    question: StrPromise  # in the host's form
    hint: StrPromise | str = ""
    icon: str = ""
    is_place: bool = False  # whoever may not see the address may not see this

    def in_words(self, gathering: Any) -> str:
        """As its host has said it; empty where it is not said."""
        shown = getattr(gathering, f"get_{self.field}_display", None)
        return str(shown() if shown else getattr(gathering, self.field))


ALL = [
    Detail(
        "meeting_point",
        "walk",
        _("Meeting point"),
        _("Where exactly you meet"),
        _("“The bench by the north gate. I carry a yellow umbrella.” Whoever sees the address sees this."),
        is_place=True,
    ),
    Detail(
        "walk_length",
        "walk",
        _("How long"),
        _("How long it is"),
        _("“About 3 km, an hour with stops”."),
        "route",
    ),
    Detail("pace", "walk", _("Pace"), _("How fast you go"), icon="footprints"),
    Detail(
        "surface",
        "walk",
        _("Underfoot"),
        _("What is underfoot"),
        _("“Paved and level”, “a field path, muddy after rain, one stile”."),
        "mountain",
    ),
    Detail(
        "toilets",
        "walk",
        _("Toilets"),
        _("Toilets on the way"),
        _("“At the café half-way, without a step”. None is worth saying, too."),
        "toilet",
    ),
    Detail(
        "in_rain",
        "walk",
        _("If it rains"),
        _("What if it rains"),
        _("“We go all the same”, “we sit in the café at the gate instead”."),
        "umbrella",
    ),
    Detail(
        "who_pays",
        "tea",
        _("Who pays"),
        _("Who pays"),
        _("“The first pot is on me”, “each their own; tap water is free”."),
        "wallet",
    ),
    Detail(
        "treats",
        "tea",
        _("To eat"),
        _("Is there something to eat?"),
        _("“I bake a cake, without nuts”, “only tea; eat before”."),
        "cake-slice",
    ),
    Detail(
        "which_games",
        "games",
        _("Which games"),
        _("Which games"),
        _("“Carcassonne, and cards if we are few”."),
        "dices",
    ),
    Detail("players", "games", _("Players"), _("How many play at once"), _("“Four; a fifth can join in”."), "users"),
    Detail(
        "rules",
        "games",
        _("The rules"),
        _("Does one have to know the rules?"),
        _("“No, I explain them, and the first round does not count”."),
        "book-open",
    ),
    Detail(
        "what_is_made",
        "making",
        _("What we make"),
        _("What you make"),
        _("“Lino prints”, “whatever you have to mend”."),
        "scissors",
    ),
    Detail(
        "materials",
        "making",
        _("Materials"),
        _("What is there, and what to bring"),
        _("“Everything is there”, “bring a jumper with a hole”."),
        "package",
    ),
    Detail(
        "quiet_means",
        "quiet",
        _("What quiet means here"),
        _("What quiet means here"),
        _("“Everyone reads, nobody talks; tea and a few words at the end”."),
        "volume-1",
    ),
]
FIELDS = [detail.field for detail in ALL]
HIDDEN_WITH_THE_ADDRESS = [detail for detail in ALL if detail.is_place]
FOR_ALL = [detail for detail in ALL if not detail.is_place]


def details_for(kind: str) -> list[Detail]:
    return [detail for detail in ALL if detail.kind == kind]
