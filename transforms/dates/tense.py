"""Whether the words around a date say that it lies ahead, or are in the past tense."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from transforms.dates.stops import STOPS, ends_sentence
from transforms.dates.words import Tokens
from transforms.rules import rules

_WINDOW = 12
_DENIED = frozenset(("did", "didn", "was", "were", "wasn", "weren", "had", "hadn"))
_UNTIL = frozenset(("until", "till"))
_NOT_PAST = frozenset(("indeed", "speed", "hundred", "united", "exceed", "proceed", "succeed", "breed"))

_TABLES = rules("date_tense")
_AHEAD, _INTENT, _BEHIND, _RESCHEDULED, _TRADED, _STARTING, _NOUNS, _PERCEIVED, _HABIT = (
    frozenset(_TABLES[name]["words"])
    for name in ("ahead", "intent", "behind", "rescheduled", "traded", "starting", "also_nouns", "perceived", "habit")
)
_APPOINTED, _CONTEST, _CONTESTING, _OUTCOME = (
    frozenset(_TABLES[name]["words"]) for name in ("appointed", "contest", "contesting", "outcome")
)


def _third_person(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "o")) else "s")


_BASES: dict[str, frozenset[str]] = {verb: frozenset(after) for verb, after in _TABLES["timetable"].items()}
_THIRD_PERSONS = {_third_person(verb): verb for verb in _BASES}
_TIMETABLE_REACH = 9
_ADVERBS = frozenset(("the", "early", "late", "mid", "-", "at", "least", "as", "soon"))
_PREPOSITIONS = frozenset(("on", "in", "at", "for", "by", "from", "before", "through", "the"))
_PARTICLES = _PREPOSITIONS | {"off", "out", "up", "into"}
_DEADLINES = frozenset(("by", "before", "until", "till", "through"))
_HINDSIGHT = frozenset(("after", "since", "following", "over", "amid", "about", "remember", "recall"))
_ATTRIBUTING = frozenset(("said", "told"))
_APOSTROPHES = frozenset(("'", "’"))
_PERIODS = frozenset(("year", "quarter", "period", "week", "month", "season", "fiscal"))
_SUBJECTS = frozenset(("they", "we", "you", "who", "that", "which", "police", "people"))
_NO_SUBJECTS = frozenset(("to", "not", "t", "did", "never", "the", "a", "an", "or"))


def words_before(tokens: Tokens, first: int, reach: int = _WINDOW) -> list[str]:
    """The words of the sentence before the token `first`, at most `reach`, the nearest first. The month is `May`."""
    return _sentence(tokens, range(first - 1, max(0, first - reach) - 1, -1))


def words_after(tokens: Tokens, last: int, reach: int = _WINDOW) -> list[str]:
    """The words of the sentence from the token `last` on, at most `reach`. The month is `May`."""
    return _sentence(tokens, range(last, min(last + reach, len(tokens))))


def _sentence(tokens: Tokens, numbers: Iterable[int]) -> list[str]:
    words: list[str] = []
    for number in numbers:
        word = tokens.words[number]
        if word in STOPS and ends_sentence(tokens, number):
            break
        words.append("May" if word == "may" and tokens.kind(number) == "CAPITAL" else word)
    return words


def is_habit(tokens: Tokens, first: int) -> bool:
    """Whether the words before the token `first` tell of what is so every year: `usually begins in June`."""
    return not _HABIT.isdisjoint(words_before(tokens, first))


def is_appointed(tokens: Tokens, first: int, last: int) -> bool:
    """Whether the words around a day say that it was fixed beforehand: `the deadline was Aug. 31`."""
    return not _APPOINTED.isdisjoint([*words_before(tokens, first), *words_after(tokens, last, 6)])


def precedes_contest(tokens: Tokens, first: int, last: int, *, near: bool) -> bool:
    """Whether a day names what is held on it, `in Sunday's final`, and no word tells that it was held or how it went.

    Without a verb that says as much (`play`) only where the day that is to come is `near`.
    """
    after = words_after(tokens, last)
    if after[:1] != ["'s"] or _CONTEST.isdisjoint(after[1:4]):
        return False
    before = words_before(tokens, first)
    if before[:1] not in (["in"], ["for"]):
        return False
    for position, (word, preceding) in enumerate(pairwise([*before, ""])):
        if word in _CONTESTING:
            return preceding not in _NO_SUBJECTS
        if word in _OUTCOME or _tense(word, preceding, before[position - 1] if position else ""):
            return False
    return near and _OUTCOME.isdisjoint(after) and _after([w for w in after if w not in _ATTRIBUTING]) == 0


def tells_past(tokens: Tokens, first: int, last: int) -> bool:
    """Whether a past tense stands among the tokens from `first` to before `last`."""
    return any(_tense(tokens.words[n], tokens.words[n - 1], "") < 0 for n in range(max(1, first), last))


def direction(tokens: Tokens, first: int, last: int) -> int:
    """1 where the words nearest to the tokens `first` to `last` look ahead, -1 where they are in the past, else 0.

    The words before count first, since English mostly puts its dates after its verbs. A deadline (`by Monday`) lies
    ahead of all but a past tense.
    """
    before, after = words_before(tokens, first), words_after(tokens, last)
    if {"not", "t"} & set(before) and not _DENIED.isdisjoint(before) and not _UNTIL.isdisjoint(before[:2]):
        return -1  # `did not open until Monday`
    if _is_named_ahead(before, after):
        return 1
    preposition = next((w for w in before if w not in _ADVERBS), "")
    hindsight = preposition in _HINDSIGHT or after[:1] == ["'s"]
    told = _before(before, tokens, first - 1, preposition, hindsight=hindsight)
    if told in (1, -1):
        return int(told)
    return _after(after) or int(told > 0 or preposition in _DEADLINES)


def _is_named_ahead(before: Sequence[str], after: Sequence[str]) -> bool:
    """`for December delivery`, `effective June 1`; `the year beginning April 1` may lie anywhere."""
    if not _TRADED.isdisjoint(after[:1]):
        return True
    place = next((n for n, word in enumerate(before[:2]) if word in _STARTING), None)
    return place is not None and _PERIODS.isdisjoint(before[place + 1 : place + 2])


def _before(before: Sequence[str], tokens: Tokens, nearest: int, preposition: str, *, hindsight: bool) -> float:
    """What the words before a date say, the token `nearest` first; ½ for a present tense that may be a noun."""
    weak, infinitive = 0.0, False
    for position, word in enumerate(before):
        preceding = _preceding(before, position)
        following = before[position - 1] if position else ""
        if word in ("is", "are") and not hindsight and _is_to_come(before[:position]):
            return 1
        if word in _RESCHEDULED and preposition in ("for", "to", "until"):
            return 1
        if preceding in ("is", "are") and not hindsight and _is_to_come(before[: position + 1]):
            continue
        if word in _PERCEIVED and tuple(before[position + 1 : position + 3]) == ("be", "could"):
            return -1
        if found := _tense(word, preceding, following):
            return 1 if infinitive and preposition in _DEADLINES else found or weak
        infinitive = infinitive or preceding == "to"
        if position < _TIMETABLE_REACH and not hindsight:
            strength = _timetable(word, preceding, following, tokens, nearest - position)
            if strength == 1:
                return 1
            weak = max(weak, strength)
    return weak


def _preceding(before: Sequence[str], position: int) -> str:
    """The word before that at `position`, of `be formally sworn in` the `be`."""
    one, two = [*before[position + 1 : position + 3], "", ""][:2]
    return two if one.endswith("ly") and two in ("be", "to") else one


def _is_to_come(between: Sequence[str]) -> bool:
    """Whether at most a participle stands between `is` and the date: `is on Friday`, `is sworn in on Friday`."""
    return len(between) <= 4 and sum(word not in _PARTICLES for word in between) <= 1 and "to" not in between


def _timetable(word: str, preceding: str, following: str, tokens: Tokens, place: int) -> float:
    """1 for a verb of timetables in the present tense, ½ where it may be a noun, else 0."""
    verb = _THIRD_PERSONS.get(word) or (word if word in _BASES else "")
    if not verb or (following and _BASES[verb] and following not in _BASES[verb]):
        return 0
    if verb != word:
        return 0.5 if verb in _NOUNS and preceding not in _SUBJECTS | {"it", "he", "she", "and"} else 1
    if preceding in _NO_SUBJECTS:
        return 0
    plural = preceding in _SUBJECTS or (preceding.endswith("s") and not preceding.endswith("ss"))
    if verb not in _NOUNS or plural:
        return 1 if verb not in _NOUNS else 0.5
    return 0.5 * (following != "" and place > 0 and tokens.kind(place - 1) == tokens.kind(place + 1) == "CAPITAL")


def _after(after: Sequence[str]) -> int:
    for position, word in enumerate(after):
        if found := _tense(word, after[position - 1] if position else "", ""):
            return found
    return 0


def _tense(word: str, preceding: str, following: str) -> int:
    if word == "to" and preceding in ("is", "are"):
        return 1  # `is to vote on Tuesday`
    if preceding == "to":
        return int(word == "be")
    if preceding == "be" or (following == "not" and word != "will") or (word == "can" and following in _APOSTROPHES):
        return 0  # what comes before decides: `will be held`, but `could not be reached on Monday`
    wont = word == "won" and following in _APOSTROPHES
    if wont or word in _AHEAD or (word in _INTENT and following in ("to", "by")):
        return 1
    if word in _BEHIND or (word.endswith("ed") and len(word) > 4 and word not in _NOT_PAST):
        return -1
    return 0
