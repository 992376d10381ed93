from random import Random

from apps.profiles.keys import LETTERS


def key_from(rng: Random) -> str:
    """As `new_key`, but the same for the same seed."""
    return "".join(rng.choices(LETTERS, k=10))
