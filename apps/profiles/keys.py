import secrets

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are mistaken for one another when read aloud


def new_key() -> str:
    """A random 10-character name for an address (about 49 bits), so that addresses do not tell how many there are."""
    return "".join(secrets.choice(LETTERS) for _ in range(10))
