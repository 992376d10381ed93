from apps.afterwards.models.reflection import LONGEST_LINE, Felt, Reflection
from apps.afterwards.models.shares import LEAST, Shares
from apps.afterwards.models.thanks import LONGEST_THANKS, Thanks
from apps.afterwards.models.touch import LASTS, LONGEST_CONTACT, Match, Tick

__all__ = [
    "LASTS",
    "LEAST",
    "LONGEST_CONTACT",
    "LONGEST_LINE",
    "LONGEST_THANKS",
    "Felt",
    "Match",
    "Reflection",
    "Shares",
    "Thanks",
    "Tick",
]
