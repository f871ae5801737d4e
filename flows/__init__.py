"""The half of Dateline that touches disks, clocks, networks and Prefect."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flows.reader import Warehouse

__all__ = ["Warehouse"]


def __getattr__(name: str) -> Any:
    if name == "Warehouse":
        from flows.reader import Warehouse  # noqa: PLC0415 - so that `import flows` costs nothing

        return Warehouse
    raise AttributeError(f"module 'flows' has no attribute {name!r}")
