"""Names to entities over a corpus. All private people are invented; the others are in the history books."""

import random
import re
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cost import assert_linear
from transforms.aliases import Override, alias_id, cluster, parse_overrides
from transforms.aliases.partition import Partition
from transforms.aliases.things import parse_thing
from transforms.errors import SettingsError
from transforms.models import AliasCount, Entity
from transforms.rules import rules

Given = tuple[str, str, int]


def of(names: Sequence[Given], overrides: Sequence[Override] = ()) -> tuple[list[AliasCount], list[Entity]]:
    aliases = [AliasCount(name, label, documents, 2 * documents) for name, label, documents in names]
    return aliases, cluster(aliases, overrides)


def groups(names: Sequence[Given], overrides: Sequence[Override] = ()) -> set[frozenset[tuple[str, str]]]:
    """The entities as sets of (name, label)."""
    aliases, entities = of(names, overrides)
    return {frozenset((aliases[p].name, aliases[p].label) for p in entity.members) for entity in entities}


def parted(label: str, text: str) -> None:
    """Clusters the names in `text`; those between two `||` are expected to be one entity."""
    expected = [[name.strip() for name in group.split("|")] for group in text.split("||")]
    names = [(name, label, 3) for group in expected for name in group]
    assert groups(names) == {frozenset((name, label) for name in group) for group in expected}


@pytest.mark.parametrize(
    "text",
    [
        "George W. Bush|George Walker Bush || George H. W. Bush|George H.W. Bush || George Bush || Bush|President Bush",
        "Kim Jong Un|Kim Jong-un|Kim Jongun || Kim Jong Il|Kim Jong-il || Kim Il Sung || Kim",
        "Hans Friedrich || Friedrich Hans",
        "Sergei Prokofiev|Sergey Prokofiev|S. Prokofiev|Prokofiev|Sergei Sergeyevich Prokofiev|Prokofiev, Sergei",
        "Saad bin Khalid al-Harthi|Sa'ad ibn Khalid al Harthi || Khalid bin Saad al-Harthi || al-Harthi",
        "Mohammad Karim Sadeghi|Muhammad Karim Sadeghi|Karim Sadeghi|Sadeghi",
        "Reza Amir-Abdi|Reza Amirabdi|Reza Amir Abdi|Amir-Abdi|Amir Abdi",
        "Reza Amir-Abdi|Reza Amir Abdi|Amir Abdi || Karin Amir",
        "Zhao Mingde|Mingde Zhao|Zhao Ming-de|Zhao || Qian Wei",
        "Zhao Mingde || Zhao Minghui || Zhao",
        "José Luis Soto Vidal|Jose Luis Soto Vidal|Soto Vidal|Vidal || Rita Soto",
        "Otto von Bismarck|Otto Von Bismarck|von Bismarck|Bismarck|Otto Bismarck",
        "Karl Aumann Jr.|Karl Aumann, Jr. || Karl Aumann Sr. || Karl Aumann",
        "Karl Aumann Jr.|Karl Aumann|Aumann",
        "William Harlow|Bill Harlow|William J. Harlow|Bill J. Harlow || Jane Harlow || Harlow",
        "Alexander Harlow || Alexandra Harlow || Alex Harlow",
        "Jörg Möller|Joerg Moeller|J. Moeller|Moeller|Möller || Anna Bohner || Anna Boehner",
        "Inga Sørensen|Inga Soerensen|Inga Sorensen|Soerensen",
        "Michael Aumann || Michal Aumann",
        "J. Edmund Harlow|Edmund Harlow || Rita Harlow",
        'Luis Soto|Luis "Jerry" Soto|Jerry Soto || Rita Soto || Soto',
        "Lyudmila Popova|Popova || Pavel Popov|Popov",
        "Anna Svensson|Dr. Anna Svensson|Anna Svensson's|ANNA SVENSSON|Svensson",
        "Scott Harlow|Harlow || Rita Scott || Scott",
        "Иван Тургенев|Ivan Turgenev|Turgenev",
        "John A. Smith || John B. Smith || John Smith",
        "Bill J. Clay || Bill B. Clay || William Clay",
        "Michael B. Harlow Jr.|Michael Harlow Jr. || Michael Soto",
        "Robert F. Harlow || Robert Harlow Jr.",
        "D. J. Harlow || Demi Harlow",
        "Anna Luck|Luck || Lock",
        "Volodymyr Zelensky|Zelensky|Zelenskyy",
        "Nick Jonas || Nick Jones",
        "Christine Harlow || Chris Harlow",
        "Jake Soto Grills Karl Aumann || Karl Aumann|Aumann",
        "CS Lewis|C.S. Lewis|C. S. Lewis|Lewis",
    ],
)
def test_people(text: str) -> None:
    parted("PERSON", text)


@pytest.mark.parametrize(
    "text",
    [
        "International Atomic Energy Agency|IAEA|the International Atomic Energy Agency (IAEA)|I.A.E.A.",
        "Nordwind|Nordwind Inc.|Nordwind Corp|The Nordwind Group Plc|NORDWIND || Nordwind Records",
        "Ministry of Fisheries|Fisheries Ministry|the Ministry of Fisheries || Department of Fisheries",
        "Ministry of Defence|Defense Ministry|Defence Ministry",
        "University of Nordwind || Nordwind University",
        "United Nations|UN|U.N. || UN Security Council|United Nations Security Council",
        "Bergen Bears|Bears || Oslo Kings || Lima Kings || Kings",
        "Harlow Airlines|Harlow || Soto Bank || Soto Motors || Soto",
        "Black-Decker Tools|BDT || Rural Union || Royal Union || RU",
        "Sea Micro|SeaMicro",
        "Münsterländer Bank|Muensterlaender Bank Plc|Munsterlander Bank",
        "Academy of Motion Picture Arts|Academy of Motion Pictures Arts",
        "Hezbollah|Hizbullah|Hizbollah || Hamas",
        "US Geological Survey|U. S. Geological Survey|United States Geological Survey|USGS",
        "Times || Time || Lima Times",
        "New Yorker || NY Times|New York Times",
        "Reds || Red || Giants || Giant",
        "Athens University || National Technical University of Athens || University of Athens",
        "Nordwind || Nordwind Group || Nordwind Foundation",
        "World War II|WWII || World War I || World War III",
        "Supreme Court || Iowa Supreme Court",
    ],
)
def test_organisations(text: str) -> None:
    parted("ORG", text)


def test_labels() -> None:
    assert groups(
        [
            ("JCPOA", "ORG", 3),
            ("JCPOA", "LAW", 9),
            ("Joint Comprehensive Plan of Action", "LAW", 2),
            ("IAEA", "ORG", 9),
            ("IAEA", "GPE", 5),
            ("EU", "ORG", 9),
            ("EU", "GPE", 5),
            ("Iran", "GPE", 9),
            ("Iran", "ORG", 2),
            ("Islamic Republic of Iran", "GPE", 2),
            ("Iranian", "NORP", 5),
            ("Iranians", "NORP", 5),
            ("Bergen", "GPE", 9),
            ("Bergen", "ORG", 6),
            ("Arak", "GPE", 90),
            ("Arak", "ORG", 2),
            ("Arak", "LOC", 2),
            ("Harlow", "PERSON", 50),
            ("Harlow", "ORG", 1),
            ("Hardanger Water Treatment Plant", "FAC", 2),
            ("Hardanger Water Treatment Plant", "ORG", 2),
        ]
    ) == {
        frozenset({("JCPOA", "ORG"), ("JCPOA", "LAW"), ("Joint Comprehensive Plan of Action", "LAW")}),
        frozenset({("IAEA", "ORG"), ("IAEA", "GPE")}),
        frozenset({("EU", "ORG"), ("EU", "GPE")}),
        frozenset({("Iran", "GPE"), ("Iran", "ORG"), ("Islamic Republic of Iran", "GPE")}),
        frozenset({("Iranian", "NORP"), ("Iranians", "NORP")}),
        frozenset({("Bergen", "GPE")}),
        frozenset({("Bergen", "ORG")}),
        frozenset({("Arak", "GPE"), ("Arak", "ORG"), ("Arak", "LOC")}),
        frozenset({("Harlow", "PERSON")}),
        frozenset({("Harlow", "ORG")}),
        frozenset({("Hardanger Water Treatment Plant", "FAC"), ("Hardanger Water Treatment Plant", "ORG")}),
    }


def test_what_an_entity_says() -> None:
    aliases, entities = of(
        [
            ("Karl Aumann", "PERSON", 9),
            ("Aumann", "PERSON", 30),
            ("Karl J. Aumann", "PERSON", 2),
            ("U.S.", "GPE", 9),
            ("America", "GPE", 1),
            ("American", "NORP", 1),
            ("Teheran", "GPE", 4),
            ("Bergen", "GPE", 4),
            ("JCPOA", "ORG", 3),
            ("JCPOA", "LAW", 9),
        ]
    )
    said = {entity.name: (entity.label, entity.country, len(entity.members)) for entity in entities}
    assert said == {
        "Karl Aumann": ("PERSON", None, 3),
        "United States": ("GPE", "US", 2),
        "American": ("NORP", "US", 1),
        "Tehran": ("GPE", "IR", 1),
        "Bergen": ("GPE", None, 1),
        "JCPOA": ("LAW", None, 2),
    }
    assert entities == sorted(entities, key=lambda entity: entity.entity_id)
    assert all(re.fullmatch("[0-9a-f]{16}", entity.entity_id) for entity in entities)
    assert len(aliases) == 10


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([("BELO HORIZONTE", "GPE", 2)], "Belo Horizonte"),
        ([("NUEVA LUND", "GPE", 9), ("Nueva Lund", "GPE", 1)], "Nueva Lund"),
        ([("RIO de la LUND", "LOC", 1)], "Rio de la Lund"),
        ([("KARL AUMANN", "PERSON", 2), ("KARL J. AUMANN", "PERSON", 1)], "Karl Aumann"),
        ([("ADA AUMANN III", "PERSON", 2)], "Ada Aumann III"),
        ([("NEW YORK", "GPE", 2)], "New York"),
        ([("NWFP", "GPE", 2)], "NWFP"),
        ([("LUNDEL", "ORG", 2)], "LUNDEL"),
    ],
)
def test_capitals_are_no_name_to_show(names: list[Given], expected: str) -> None:
    aliases, [entity] = of(names)
    assert entity.name == expected
    assert [alias.name for alias in aliases] == [name for name, _, _ in names]


def test_a_headline_met_once_is_no_full_form_of_a_household_name() -> None:
    assert len(groups([("CBS", "ORG", 30), ("Crash Boosted Sweden", "ORG", 1)])) == 2
    assert len(groups([("CBS", "ORG", 30), ("Crash Boosted Sweden", "WORK_OF_ART", 9)])) == 1
    assert len(groups([("CBS", "ORG", 3), ("Cable Broadcasting Station", "ORG", 1)])) == 1
    assert len(groups([("NYC", "GPE", 9), ("New Year Clip", "EVENT", 5)])) == 2


def test_a_team_named_once_with_its_city_is_the_team() -> None:
    names = [("Bears", "ORG", 30), ("Bergen Bears", "ORG", 1)]
    assert len(groups(names)) == 2
    assert len(groups([*names, ("Bergen", "GPE", 3)])) == 2  # the team and the city


def test_a_common_surname_tells_nothing() -> None:
    names = [("Steve Smith", "PERSON", 5), ("Stephen Smith", "PERSON", 5)]
    others = "Ada Bea Cleo Dora Eve Finn Gus Hugo Ida Jane Kurt Lena Mia Nora Otto Paula Ralf Tara Ute Vera Zoe"
    assert len(groups(names)) == 1
    assert len(groups([*names, *((f"{given} Smith", "PERSON", 1) for given in others.split())])) == 2 + len(
        others.split()
    )


def test_a_misspelling_joins_only_when_rare_and_alone() -> None:
    common, rare = ("Anna Bergstrom", "PERSON", 20), ("Anna Bergstrem", "PERSON", 1)
    assert len(groups([common, rare])) == 1
    assert len(groups([common, (rare[0], "PERSON", 20)])) == 2
    assert len(groups([common, rare, ("Karl Bergstrem", "PERSON", 1)])) == 3


def test_surname_first_where_the_corpus_knows_the_given_name() -> None:
    others = [(f"Viktor {surname}", "PERSON", 1) for surname in ("Soto", "Harlow", "Aumann")]
    both = frozenset({("Viktor Kadar", "PERSON"), ("Kadar Viktor", "PERSON")})
    assert both in groups([("Viktor Kadar", "PERSON", 5), ("Kadar Viktor", "PERSON", 1), *others])
    assert both not in groups([("Viktor Kadar", "PERSON", 5), ("Kadar Viktor", "PERSON", 1)])


@pytest.mark.parametrize("row", rules("organisations")["legal"]["examples"])
def test_legal_forms(row: list[str]) -> None:
    assert parse_thing(row[0], "ORG").key == parse_thing(row[1], "ORG").key


@pytest.mark.parametrize("row", rules("organisations")["either_order"]["examples"])
def test_either_order(row: list[str]) -> None:
    assert parse_thing(row[0], "ORG").key == parse_thing(row[1], "ORG").key


def test_kinds() -> None:
    parted("ORG", "|".join(rules("organisations")["kinds"]["example"]))


WORDS = st.sampled_from(
    [
        "Anna",
        "Karl",
        "Kim",
        "Jong",
        "Un",
        "Bush",
        "W.",
        "H.",
        "George",
        "Soto",
        "von",
        "bin",
        "Inc.",
        "Ltd",
        "UN",
        "IAEA",
        "Jr.",
        "Sr.",
        "Iran",
        "Ministry",
        "of",
        "Bears",
        "Bill",
    ]
)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join) | st.text(max_size=12)
ALIASES = st.lists(
    st.builds(
        AliasCount,
        NAMES,
        st.sampled_from(["PERSON", "ORG", "GPE", "NORP", "LAW", "?"]),
        st.integers(1, 99),
        st.integers(1, 99),
    ),
    max_size=40,
    unique_by=lambda alias: (alias.name, alias.label),
)


@settings(max_examples=150, deadline=None)
@given(ALIASES, st.randoms(use_true_random=False))
def test_a_partition_whatever_the_order(aliases: list[AliasCount], chance: random.Random) -> None:
    entities = cluster(aliases)
    assert sorted(p for entity in entities for p in entity.members) == list(range(len(aliases)))
    assert len({entity.entity_id for entity in entities}) == len(entities)
    for entity in entities:
        assert (entity.label == "PERSON") == all(aliases[p].label == "PERSON" for p in entity.members)
    shuffled = list(aliases)
    chance.shuffle(shuffled)

    def named(given: list[AliasCount], entity: Entity) -> tuple[object, ...]:
        members = frozenset((given[p].name, given[p].label) for p in entity.members)
        return entity.entity_id, entity.name, entity.label, entity.country, members

    assert [named(aliases, e) for e in entities] == [named(shuffled, e) for e in cluster(shuffled)]


def test_no_chain_joins_what_contradicts_itself() -> None:
    partition = Partition([1] * 4, ["", "", "", ""])
    apart = {(0, 2), (2, 0)}
    assert partition.union(0, 1)
    assert not partition.union(1, 2, lambda x, y: (x, y) not in apart)
    assert partition.union(2, 3)
    assert list(partition.sets()) == [[0, 1], [2, 3]]


def world(seed: int) -> list[tuple[int, str, str]]:
    """Document, name and label of mentions in a made-up corpus in Zipf's proportions."""
    chance = random.Random(seed)
    letters = ["ba", "ke", "li", "mo", "nu", "ra", "si", "to", "ve", "zan", "der", "kol"]
    words = ["".join(chance.choices(letters, k=3)).capitalize() for _ in range(900)]
    things = []
    for _ in range(1500):
        given_name, surname, middle = chance.choice(words[:90]), chance.choice(words), chance.choice(words)
        forms = [
            f"{given_name} {surname}",
            f"{given_name} {middle[0]}. {surname}",
            f"{given_name[0]}. {surname}",
            surname,
        ]
        organisation = [
            f"{surname} {middle} University",
            f"{surname} {middle} University Inc.",
            f"{surname[0]}{middle[0]}U",
        ]
        things.append((forms, "PERSON") if chance.random() < 0.7 else (organisation, "ORG"))
    weights = [1 / (rank + 10) for rank in range(len(things))]
    rows = []
    for document in range(1100):
        for forms, label in chance.choices(things, weights, k=8):
            rows.append((document, forms[0] if chance.random() < 0.7 else chance.choice(forms), label))
    return rows


def ids(rows: list[tuple[int, str, str]]) -> dict[tuple[str, str], str]:
    count = Counter(row[1:] for row in rows)
    aliases = [AliasCount(*name, number, number) for name, number in count.items()]
    return {(aliases[p].name, aliases[p].label): e.entity_id for e in cluster(aliases) for p in e.members}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ids_stay_when_a_corpus_grows_by_a_tenth(seed: int) -> None:
    rows = world(seed)
    old = [row for row in rows if row[0] < 1000]
    before, after = ids(old), ids(rows)
    kept = sum(before[row[1:]] == after[row[1:]] for row in old)
    assert kept / len(old) >= 0.99


def test_alias_id() -> None:
    assert alias_id("Iran", "GPE") == alias_id("Iran", "GPE") != alias_id("Iran", "ORG")
    assert len(alias_id("\ud800", "")) == 16
    assert alias_id("ab", "c") != alias_id("a", "bc")


def test_ids_are_what_they_were() -> None:
    """Ids are in warehouses: a change of these values needs a changelog entry."""
    _, entities = of([("Iran", "GPE", 1), ("Karl Aumann", "PERSON", 1)])
    assert alias_id("Iran", "GPE") == "ea816e31868aabad"
    assert {entity.name: entity.entity_id for entity in entities} == {
        "Iran": "e0bacbdc6e80f0ef",
        "Karl Aumann": "92c1290cd781bc4c",
    }


def test_an_override_wins() -> None:
    names: list[Given] = [("Karl Aumann", "PERSON", 9), ("K. Aumann", "PERSON", 2), ("Aumann", "PERSON", 5)]
    names += [("The Fox", "PERSON", 3), ("Karl J. Aumann", "PERSON", 4)]
    overrides = [
        Override("The Fox", "PERSON", "Karl Aumann", "Q1"),
        Override("Karl Aumann", "PERSON", "Karl Aumann"),
        Override("Karl J. Aumann", "PERSON", "Karl Joseph Aumann", "Q2"),
    ]
    aliases, entities = of(names, overrides)
    said = {entity.name: (entity.external_id, {aliases[p].name for p in entity.members}) for entity in entities}
    assert said["Karl Joseph Aumann"] == ("Q2", {"Karl J. Aumann"})
    assert said["Karl Aumann"][0] == "Q1"
    assert said["Karl Aumann"][1] >= {"Karl Aumann", "The Fox"}


def test_an_override_takes_other_spellings_along() -> None:
    names: list[Given] = [("NORDWIND INC", "ORG", 1), ("Nordwind Inc.", "ORG", 5), ("Northern Wind", "ORG", 5)]
    overrides = [Override("Nordwind Inc.", "ORG", "Nordwind", "Q3"), Override("Northern Wind", "ORG", "Nordwind")]
    _, entities = of(names, overrides)
    assert [(e.name, e.external_id, len(e.members)) for e in entities] == [("Nordwind", "Q3", 3)]
    assert cluster([], overrides) == []


TOML = """
[[alias]]
name = "Nordwind Inc."
label = "ORG"
entity = "Nordwind"
external_id = "Q3"

[[alias]]
name = "Northern Wind"
label = "ORG"
entity = "Nordwind"
"""
CSV = 'name,label,entity,external_id\nNordwind Inc.,ORG,Nordwind,Q3\n"Northern Wind",ORG,Nordwind,\n'


def test_alias_files() -> None:
    expected = [Override("Nordwind Inc.", "ORG", "Nordwind", "Q3"), Override("Northern Wind", "ORG", "Nordwind", None)]
    assert parse_overrides(TOML, "toml") == expected
    assert parse_overrides(CSV, "csv") == expected
    assert parse_overrides("\ufeff" + CSV.replace("\n", "\r\n"), "csv") == expected
    assert parse_overrides("", "toml") == parse_overrides("", "csv") == []


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("", "txt", "must be .toml or .csv"),
        ("alias = 3", "toml", "only"),
        ("[[aliases]]\nname = 'x'", "toml", "aliases"),
        ("[[alias]]\nname = 'x'\nlabel = 'ORG'", "toml", "line 1: 'entity' is missing"),
        ("\n[[alias]]\nname = 3\nlabel = 'ORG'\nentity = 'y'", "toml", "line 2: 'name' must be text"),
        ("[[alias]]\nname = 'x'\nlabel = 'org'\nentity = 'y'", "toml", "unknown label 'org'"),
        ("[[alias]", "toml", "no TOML"),
        ("name,label,entity\nx,ORG,y\nx,ORG,z\n", "csv", "line 3: 'x' was assigned to 'y'"),
        ("name,label,entity\nx,ORG\n", "csv", "line 2: 'entity' is missing"),
        ("name,label,entity\nx,ORG,y,z\n", "csv", "line 2"),
        ("name,label,thing\nx,ORG,y\n", "csv", "unknown field 'thing'"),
        ("name,label,entity,external_id\nx,ORG,y,Q1\nz,ORG,y,Q2\n", "csv", "line 3: 'y' has the external id 'Q1'"),
    ],
)
def test_bad_alias_files_say_where(text: str, kind: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as raised:
        parse_overrides(text, kind)
    assert "\n" not in str(raised.value)


def worst_names(number: int) -> list[AliasCount]:
    """Names that meet in the blocks of each step: one surname, one given name, one sound, one acronym, and so on."""
    names = [f"Anna {'abcdefgh'[i % 8]}{i}ova" for i in range(number)]
    names += [f"Karl{i} Soto" for i in range(number)] + [f"K. Mid{i} Soto" for i in range(number // 10)]
    names += [f"Anna Mid{i} Harlow" for i in range(number)] + [f"A. Mid{i} Harlow" for i in range(number)]
    names += [f"Rita Bergstr{'o' * (i % 150)}m{'m' * (i // 150)}" for i in range(number)]
    names += [f"Bergstr{'o' * (i % 150)}m{'m' * (i // 150)}" for i in range(number)]
    names += [f"Pak {i}a" for i in range(number)] + [f"Lu{'u' * (i % 150)}c{'k' * (i // 150)}" for i in range(number)]
    things = [f"Real{i} Union" for i in range(number)] + ["RU"] + [f"Oslo{i} Bears" for i in range(number)] + ["Bears"]
    things += [f"Nordwind {i} Bank" for i in range(number)] + ["Nordwind"]
    pairs = [(name, "PERSON") for name in names] + [(name, "ORG") for name in things]
    return [AliasCount(name, label, 1, 1) for name, label in sorted(set(pairs))]


def test_cost_grows_with_the_number_of_names() -> None:
    assert_linear(cluster, worst_names(500), worst_names(4_000))
