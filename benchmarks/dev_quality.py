"""Each answer on the sample corpus that differs from the marked one: `python -m benchmarks.dev_quality WAREHOUSE`."""

import sys
from pathlib import Path

from tests import quality
from tests.quality import Answer, Marked


def differences(name: str, docs: dict[str, Marked], right: set[Answer], given: set[Answer]) -> None:
    """One line for each answer that is missing (-) or wrong (+)."""
    for sign, answers in (("-", right - given), ("+", given - right)):
        for uri, start, end, *rest in sorted(answers, key=str):
            print(f"{name} {sign} {uri} {docs[uri].raw[start:end]!r} {rest}")


def entities(docs: dict[str, Marked], right: dict[Answer, str], given: dict[Answer, str]) -> None:
    """One line for each name whose cluster is not as marked."""
    both = sorted(right.keys() & given.keys())
    for answer in both:
        merged = {right[other] for other in both if given[other] == given[answer]}
        pieces = {given[other] for other in both if right[other] == right[answer]}
        if len(merged) > 1 or len(pieces) > 1:
            uri, start, end = answer
            print(f"entity {uri} {docs[uri].raw[start:end]!r} holds {sorted(merged)}, is in {len(pieces)} pieces")


def main(warehouse: str) -> None:
    gold, tables = quality.load(), quality.read(Path(warehouse))
    docs = {doc.uri: doc for doc in gold}
    names = quality.first(quality.answers(gold, "mentions"), 4), quality.rows_of(tables.mentions, "label")
    differences("mention", docs, *names)
    differences("date", docs, quality.answers(gold, "dates"), quality.rows_of(tables.dates, "type", "value"))
    for uri, doc in docs.items():
        right, given = quality.removals([doc], tables)
        for sign, characters in (("-", right - given), ("+", given - right)):
            if characters:
                print(f"removal {sign} {uri} {''.join(doc.raw[at] for _, at in sorted(characters))!r}")
    differences("notice", docs, *quality.notices(gold, tables))
    entities(docs, *quality.clusters(gold, tables))
    for name, wrong in (("topic", quality.topics(gold, tables)), ("metadata", quality.metadata(gold, tables))):
        for what, why in wrong.items():
            if why:
                print(f"{name} {what}: {why}")
    print(quality.table(quality.figures(gold, tables), {}))


if __name__ == "__main__":
    main(sys.argv[1])
