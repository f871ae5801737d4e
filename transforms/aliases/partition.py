"""Which of the numbered names are one: sets that grow by joining, and refuse what a user has ruled out."""

from collections.abc import Callable, Iterable, Iterator, Sequence


class Partition:
    """Sets over 0…n-1. A set carries its documents and, perhaps, a user's tag."""

    def __init__(self, documents: Sequence[int], tags: Sequence[str]) -> None:
        self._root = list(range(len(documents)))
        self._joined: dict[int, list[int]] = {}
        self._documents = list(documents)
        self._tags = list(tags)

    def members(self, item: int) -> list[int]:
        """All members of the set of `item`."""
        root = self._root[item]
        return self._joined.get(root, [root])

    def documents(self, item: int) -> int:
        """The sum of the documents of the names in the set of `item`."""
        return self._documents[self._root[item]]

    def union(self, one: int, other: int, compatible: Callable[[int, int], bool] | None = None) -> bool:
        """Joins two sets. False, and nothing happens, where a user's word or any pair across keeps them apart.

        `compatible` is asked for each pair across, so that no chain of likenesses joins what contradicts itself.
        """
        kept, moved = self._root[one], self._root[other]
        if kept == moved:
            return True
        if self._tags[kept] and self._tags[moved] and self._tags[kept] != self._tags[moved]:
            return False
        if compatible and not all(compatible(x, y) for x in self.members(kept) for y in self.members(moved)):
            return False
        if len(self.members(kept)) < len(self.members(moved)):
            kept, moved = moved, kept
        joining = self._joined.pop(moved, [moved])
        self._joined.setdefault(kept, [kept]).extend(joining)
        for item in joining:
            self._root[item] = kept
        self._documents[kept] += self._documents[moved]
        self._tags[kept] = self._tags[kept] or self._tags[moved]
        return True

    def only(self, candidates: Iterable[int], dominance: int = 0) -> int | None:
        """A member of the one set that all `candidates` are in, or that has `dominance` times the others' documents.

        None where there is none; a dominance of 0 never lets one set win over others.
        """
        roots = {self._root[item] for item in candidates}
        if len(roots) < 2:
            return next(iter(roots), None)
        if not dominance:
            return None
        best = max(roots, key=lambda root: self._documents[root])
        others = sum(self._documents[root] for root in roots) - self._documents[best]
        return best if self._documents[best] >= dominance * max(others, 1) else None

    def sets(self) -> Iterator[list[int]]:
        """All sets, each sorted, by their smallest member."""
        for item, root in enumerate(self._root):
            joined = self._joined.get(root)
            if joined is None:
                yield [item]
            elif item == min(joined):
                yield sorted(joined)
