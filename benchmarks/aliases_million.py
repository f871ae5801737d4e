"""What clustering costs: distinct names of a made-up world, seconds of CPU and peak memory.

    python -m benchmarks.aliases_million [NAMES] [--profile]

The world has given names and surnames in Zipf's proportions, people with middle names, romanisations, misspellings,
titles and bare surnames, organisations with legal forms and acronyms, places and nationalities. A seed makes it the
same each time.
"""

import cProfile
import pstats
import random
import resource
import sys
import time
from collections.abc import Iterator
from itertools import accumulate

from transforms.aliases import cluster
from transforms.models import AliasCount
from transforms.rules import rules

ONSETS = [
    "b",
    "br",
    "ch",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kh",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "sh",
    "st",
    "t",
    "tr",
    "v",
    "w",
    "y",
    "z",
    "zh",
]
VOWELS = ["a", "e", "i", "o", "u", "ai", "ei", "ou", "ee", "oo"]
CODAS = ["", "", "", "n", "r", "l", "s", "v", "m", "t", "k", "nd", "rt"]
KINDS = ["University", "Technologies", "Airlines", "Bank", "Institute", "Motors", "Police Department", "Football Club"]
HEADS = ["Ministry of", "Department of", "Committee on", "Institute for", "Agency for", "Centre for"]
TOPICS = [
    "Finance",
    "Health",
    "Foreign_Affairs",
    "Nuclear_Research",
    "Rural_Development",
    "Trade",
    "Justice",
    "Fisheries",
    "Energy",
]
TITLES = ["President", "Dr.", "Mr.", "Gen.", "Foreign Minister", "Judge"]
LEGAL = ["Inc.", "Corp.", "Ltd", "Group", "Co."]
SWAPS = [("i", "y"), ("e", "a"), ("ou", "u"), ("kh", "h"), ("oo", "u"), ("v", "w"), ("ei", "ey")]


class World:
    """Draws names; the same seed gives the same names."""

    def __init__(self, seed: int, scale: int) -> None:
        self.random = random.Random(seed)
        self.givens = self.vocabulary(3_000, 2)
        self.surnames = self.vocabulary(max(20_000, scale // 10), 3)
        self.places = self.vocabulary(max(2_000, scale // 50), 2)
        self.weights = {
            id(words): list(accumulate(1 / (rank + 30) for rank in range(len(words))))
            for words in (self.givens, self.surnames, self.places)
        }
        self.countries = [row for row in rules("countries")["countries"] if "people" in row]

    def vocabulary(self, size: int, syllables: int) -> list[str]:
        found: dict[str, None] = {}
        while len(found) < size:
            parts = self.random.randint(max(1, syllables - 1), syllables)
            word = "".join(self.random.choice(ONSETS) + self.random.choice(VOWELS) for _ in range(parts))
            found[(word + self.random.choice(CODAS)).capitalize()] = None
        return list(found)

    def draw(self, words: list[str]) -> str:
        return self.random.choices(words, cum_weights=self.weights[id(words)])[0]

    def person(self) -> list[str]:
        """The names that one person goes by."""
        given, surname = self.draw(self.givens), self.draw(self.surnames)
        middle = self.draw(self.givens)
        full = f"{given} {surname}"
        forms = [full]
        chance = self.random.random
        if chance() < 0.25:
            forms.append(f"{given} {middle[0]}. {surname}")
        if chance() < 0.08:
            forms.append(f"{given} {middle} {surname}")
        if chance() < 0.10:
            forms.append(f"{self.random.choice(TITLES)} {full}")
        if chance() < 0.06:
            forms.append(f"{given[0]}. {surname}")
        if chance() < 0.15:
            forms.append(surname)
        if chance() < 0.10:
            old, new = self.random.choice(SWAPS)
            forms.append(full.replace(old, new))
        if chance() < 0.05:
            place = self.random.randrange(1, len(surname))
            forms.append(f"{given} {surname[:place]}{surname[place + 1 :]}")
        return forms

    def organisation(self) -> list[str]:
        place, other = self.draw(self.places), self.draw(self.surnames)
        topic = self.random.choice(TOPICS).replace("_", " ")
        name = self.random.choice(
            [
                f"{place} {other} {self.random.choice(KINDS)}",
                f"{self.random.choice(HEADS)} {topic} of {place}",
                f"{other} {self.random.choice(KINDS)}",
                f"{place} {other}s",
            ]
        )
        forms = [name]
        if self.random.random() < 0.2:
            forms.append(f"{name} {self.random.choice(LEGAL)}")
        if self.random.random() < 0.2:
            forms.append("".join(word[0] for word in name.split() if word[0].isupper()))
        if self.random.random() < 0.1:
            forms.append(name.split()[-1])
        return forms

    def things(self) -> Iterator[tuple[list[str], str]]:
        """Names and label of one thing after another, without end."""
        while True:
            sort = self.random.random()
            if sort < 0.55:
                yield self.person(), "PERSON"
            elif sort < 0.85:
                yield self.organisation(), "ORG"
            elif sort < 0.97:
                place = self.draw(self.places) + self.random.choice(["", "", f" {self.draw(self.places)}", " Province"])
                yield [place], self.random.choices(["GPE", "LOC", "FAC", "ORG"], [70, 15, 10, 5])[0]
            else:
                row = self.random.choice(self.countries)
                yield [*row["people"], row["people"][0] + "s"], "NORP"


def aliases(names: int, seed: int = 1) -> list[AliasCount]:
    """So many distinct names, with counts."""
    world = World(seed, names)
    found: dict[tuple[str, str], AliasCount] = {}
    for forms, label in world.things():
        for form in forms:
            documents = int(world.random.paretovariate(1.1))
            found.setdefault((form, label), AliasCount(form, label, documents, 2 * documents))
        if len(found) >= names:
            return list(found.values())[:names]
    raise AssertionError("the world has no end")


def main() -> None:
    numbers = [int(argument.replace("_", "")) for argument in sys.argv[1:] if argument[0] != "-"] or [1_000_000]
    for number in numbers:
        given = aliases(number)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        profile = cProfile.Profile()
        begun = time.process_time()
        if "--profile" in sys.argv:
            entities = profile.runcall(cluster, given)
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        else:
            entities = cluster(given)
        spent = time.process_time() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{number:,} names -> {len(entities):,} entities: {spent:.1f} s CPU, {1e6 * spent / number:.0f} us a name, "
            f"peak {peak:,.0f} MB ({before:,.0f} MB of it the input)"
        )


if __name__ == "__main__":
    main()
