"""The forms that companies have at the end of their names: `Corp`, `SpA`, `Holdings`."""

import re
from functools import cache

from transforms.entities.context import Context
from transforms.rules import rules

_PARTNERS = r"[ \t]&[ \t](?:Co|Sons|Bros|Cie)(?!\w)(?:[ \t](?:Inc|Ltd|KG|Corp)(?!\w))?"
_LONGEST = 24
_LOOKED_AT = 5
"""Mentions of a form that show how the text writes it."""
_NO_PLACES = frozenset({"ORG", "PERSON", "PRODUCT", "WORK_OF_ART", "NORP"})
_CAPITAL = re.compile(r"\s?[A-Z]")


@cache
def last_form() -> re.Pattern[str]:
    """A form at the end of a name, which is a company's by it and is called without it."""
    row = rules("heads")["forms"]
    return re.compile(rf"[ ](?:{_any_of(row['abbreviated'], row['dropped'])})\.?\Z")


def without_form(name: str) -> str:
    """A company's name without the form at its end and the comma before it; empty where it has none."""
    form = last_form().search(name)
    return name[: form.start()].rstrip(" ,") if form else ""


@cache
def form_before_of() -> re.Pattern[str]:
    """A form behind which a place may follow: `Hale Brothers Co of Oslo`."""
    return re.compile(rf"[ ](?:{_any_of(rules('heads')['forms']['abbreviated'])})\.?(?=[ ]of[ ])")


def _any_of(*lists: str) -> str:
    return "|".join(re.escape(form) for each in lists for form in each.split())


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Any form behind a name, one that is never behind a place, and one with a full stop at the end of a name."""
    row = rules("heads")["forms"]
    forms, words, sure = (_any_of(row[key]) for key in ("abbreviated", "words", "sure"))
    any_form = rf",?[ \t](?:{forms})(?!\w)(?:\.(?=[,;)]|[ ][a-z(]))?"
    any_word = rf"[ \t](?:{words})(?![\w-])(?![ ][A-Z])"
    return (
        re.compile(rf"{any_form}|{any_word}|{_PARTNERS}"),
        re.compile(rf",?[ \t](?:{sure}|{words})\.?"),
        re.compile(rf"(?<=[ ])(?:{sure})\.\Z"),
    )


def company_end(text: str, end: int) -> int:
    """The end of a name that ends at `end` with the company's form behind it, if there is one."""
    form = _patterns()[0].match(text, end, end + _LONGEST)
    return form.end() if form else end


def as_company(text: str, label: str, end: int) -> tuple[str, int]:
    """The label and end of a name that ends at `end`: ORG where a company's form follows, which it takes in."""
    form_end = company_end(text, end)
    if form_end > end and (label in _NO_PLACES or _patterns()[1].fullmatch(text, end, form_end)):
        return "ORG", form_end
    return label, end


def closes_sentence(context: Context, start: int, end: int) -> bool:
    """Whether the full stop at `end` is not the form's: a capital follows, and the text writes forms without one."""
    text = context.text
    form = _patterns()[2].search(text, max(start, end - 10), end)
    if form is None or not _CAPITAL.match(text, end):
        return False
    others = (form[0][:-1], "Corp", "Ltd", "Co")
    return any(
        text[at + len(word)] == " "
        for word in others
        for at in context.words.get(word, ())[:_LOOKED_AT]
        if at + len(word) < len(text)
    )
