"""Umlauts written as two letters, within a document and over the corpus alike."""

import unicodedata

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
    | {"ø": "oe", "Ø": "Oe", "å": "aa", "Å": "Aa", "ß": "ss"}
)
"""How German, Danish and Norwegian write these letters where there are none: `Soeder`, `Soerensen`, `Haakon`."""


def written_out(name: str) -> str:
    """A name with its umlauts as two letters: `Söder` gives `Soeder`. `fold` drops the marks, as English papers do."""
    return name if name.isascii() else unicodedata.normalize("NFC", name).translate(_UMLAUTS)
