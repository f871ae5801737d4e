"""Which of the numbered names are one: a union-find that refuses what a user has ruled out."""

from collections.abc import Iterable, Sequence


class Partition:
    """Sets over 0…n-1 that can only grow together. A set carries its documents and, perhaps, a user's tag."""

    def __init__(self, documents: Sequence[int], tags: Sequence[str]) -> None:
        self._parent = list(range(len(documents)))
        self._documents = list(documents)
        self._tags = list(tags)

    def find(self, item: int) -> int:
        """The set of `item`: its smallest member."""
        parent = self._parent
        root = item
        while parent[root] != root:
            root = parent[root]
        while parent[item] != root:
            parent[item], item = root, parent[item]
        return root

    def documents(self, item: int) -> int:
        """The sum of the documents of the names in the set of `item`."""
        return self._documents[self.find(item)]

    def union(self, one: int, other: int) -> bool:
        """Joins two sets; False, and nothing happens, where a user's word keeps them apart."""
        one, other = sorted((self.find(one), self.find(other)))
        if one == other:
            return True
        if self._tags[one] and self._tags[other] and self._tags[one] != self._tags[other]:
            return False
        self._parent[other] = one
        self._documents[one] += self._documents[other]
        self._tags[one] = self._tags[one] or self._tags[other]
        return True

    def only(self, candidates: Iterable[int], dominance: int = 0) -> int | None:
        """The one set that all `candidates` are in, or that has `dominance` times the documents of the others together.

        None where there is none; a dominance of 0 never lets one set win over others.
        """
        roots = sorted({self.find(item) for item in candidates}, key=lambda root: (-self._documents[root], root))
        if not roots:
            return None
        others = sum(self._documents[root] for root in roots[1:])
        if others and (not dominance or self._documents[roots[0]] < dominance * others):
            return None
        return roots[0]

    def sets(self) -> list[list[int]]:
        """All sets, each sorted, by their smallest member."""
        found: dict[int, list[int]] = {}
        for item in range(len(self._parent)):
            found.setdefault(self.find(item), []).append(item)
        return list(found.values())
