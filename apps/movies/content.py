"""What a film may hold that somebody would rather know beforehand. Nothing here asks the database."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Captions(TextChoices):
    """What can be read along. Where nothing is said, nothing is known."""

    NONE = "none", _("Neither subtitles nor captions")
    SUBTITLES = "subtitles", _("Subtitles")
    CAPTIONS = "captions", _("Captions, which tell of sounds, too")


CONTENT = {
    "violence": _("violence"),
    "blood": _("blood or injuries"),
    "sexual-violence": _("sexual violence"),
    "sex": _("sex or nudity"),
    "abuse": _("abuse at home"),
    "children": _("harm to a child"),
    "animals": _("harm to an animal"),
    "death": _("somebody dies"),
    "illness": _("serious illness"),
    "suicide": _("suicide or self-harm"),
    "eating": _("eating disorders"),
    "drugs": _("alcohol or drugs"),
    "war": _("war or flight"),
    "hate": _("racism or other hatred"),
    "flashes": _("flashing lights"),
    "shocks": _("sudden loud sounds"),
}
