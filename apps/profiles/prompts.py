"""The beginnings of sentences that members may finish on their page. They assume nothing of anybody.

A key stands in the database, so it is never given to another prompt. One that is taken out of the list shows no more.
"""

from django.utils.translation import gettext_lazy as _

PROMPTS = {
    "arriving": _("When I arrive I usually…"),
    "company-for": _("I would love company for…"),
    "ask-me": _("Ask me about…"),
    "a-meal": _("A meal that means something to me"),
    "at-ease": _("I feel at ease when…"),
    "good-evening": _("A good evening, for me, is…"),
    "when-quiet": _("When I am quiet, it usually means…"),
    "feel-welcome": _("It helps me to feel welcome when…"),
    "curious": _("Lately I have been curious about…"),
    "could-show": _("Something I could show you"),
    "would-learn": _("Something I would like to learn"),
    "first-time": _("Something I would like to try for the first time"),
    "small-thing": _("A small thing that makes my day"),
    "place-near": _("A place near here that I like"),
    "story": _("A story I like to tell"),
    "changed-mind": _("Something I have changed my mind about"),
    "makes-me-laugh": _("It makes me laugh when…"),
    "like-to-hear": _("I like it when somebody tells me about…"),
    "a-word": _("A word I like, in any language"),
    "when-it-rains": _("When it rains all day, I…"),
}
