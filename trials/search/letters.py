"""Letters as they are searched."""

import unicodedata


class Folding(dict):
    """A letter's plain form in lower case, of one character, and a space for all that is neither letter nor digit; made as letters come."""

    APART = str.maketrans("øłđħıßæœþð", "oldhisaotd")

    def __missing__(self, code):
        plain = chr(code).lower().translate(self.APART)
        plain = unicodedata.normalize("NFKD", plain[:1])[:1].lower()
        self[code] = found = plain if plain.isalnum() else " "
        return found


_FOLDING = Folding()


def fold(text: str) -> str:
    """The text as it is searched: plain lower-case letters and digits, each in the place where it stood."""
    return text.translate(_FOLDING)
