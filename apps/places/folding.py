"""Names without accents, case and punctuation, so that "munchen" finds München."""

import re
import unicodedata

LONGEST = 100  # letters; the longest name of the gazetteer has some sixty

# Letters that Unicode does not take apart, and signs that people leave out ("St Johns", "Nukualofa").
_KNOWN = dict(zip("øłđðþæœıħŧ", ("o", "l", "d", "d", "th", "ae", "oe", "i", "h", "t"), strict=True))
_LEFT_OUT = "'’‘ʻʼʾʿ`´ˈ.·"
# How people without these keys write them: Muenchen, Aalborg, Koebenhavn.
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_SHORT_FORMS = {"saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft"}


class _Table(dict[int, str]):
    """What becomes of a character, worked out once for each."""

    def __missing__(self, code: int) -> str:
        result = _replacement(chr(code))
        if code < 0x10000:  # a bound to what odd input can make it remember
            self[code] = result
        return result


def _replacement(character: str) -> str:
    category = unicodedata.category(character)
    if character in _LEFT_OUT or category == "Cf" or _is_accent(ord(character)):
        return ""
    return _KNOWN.get(character, character) if category[0] in "LNM" else " "


def _is_accent(code: int) -> bool:
    """Accents of Latin, Greek and Cyrillic, Hebrew points, Arabic vowels; other marks belong to the word."""
    return 0x300 <= code <= 0x36F or 0x591 <= code <= 0x5C7 or 0x64B <= code <= 0x670


_TABLE = _Table()


def folded(text: str) -> str:
    """Lower case, without accents, apostrophes and dots; any other sign or control character is a space."""
    lower = text[:LONGEST].casefold()
    if not lower.isascii():  # twice, because what Unicode takes apart may have upper case, and lower case parts
        lower = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", lower).casefold())
    return " ".join(lower.translate(_TABLE).split())[:LONGEST].rstrip()


def spellings(name: str) -> set[str]:
    """The folded forms under which somebody may look for this name."""
    forms = {folded(name)}
    if not name.isascii():
        forms.add(folded(unicodedata.normalize("NFC", name).casefold().translate(_SPELT_OUT)))
    for long, short in _SHORT_FORMS.items():
        for word, other in ((long, short), (short, long)):
            forms |= {_swapped(word, other, form) for form in forms}
    return forms - {""}


def _swapped(word: str, other: str, form: str) -> str:
    return re.sub(rf"\b{word}\b", other, form) if word in form else form
