"""How the cost of a call grows with its input: the ratio of two measurements in one process, never seconds."""

import gc
import time
from collections.abc import Callable
from typing import TypeVar

Sized = TypeVar("Sized")

TRIES = 6
"""Noise only ever adds, so the cheapest of several tries is the truest."""
RESOLUTION = 0.002
"""CPU seconds below which two costs cannot be told apart."""
LINEAR = 3.0
"""How far a cost that grows in proportion may seem to outgrow its input: caches and memory are not free."""


def assert_linear(call: Callable[[Sized], object], small: Sized, large: Sized, times: float = 8) -> None:
    """`large` is `times` as large as `small`, and the call costs in proportion: 64 times would be quadratic."""
    assert_growth(call, small, large, LINEAR * times)


def assert_bounded(call: Callable[[Sized], object], page: Sized, large: Sized) -> None:
    """`large` is fifty pages or more, and the call costs little more than for a page."""
    assert_growth(call, page, large, 12)


def assert_growth(call: Callable[[Sized], object], small: Sized, large: Sized, limit: float) -> None:
    """The call's CPU for `large` is at most `limit` times that for `small`."""
    low = high = float("inf")
    for _ in range(TRIES):
        low, high = min(low, _seconds(call, small)), min(high, _seconds(call, large))
        if high <= limit * max(low, RESOLUTION):
            return
    raise AssertionError(f"{high:.3f} s against {low:.3f} s of CPU: {high / low:.1f} times, {limit:g} allowed")


def _seconds(call: Callable[[Sized], object], value: Sized) -> float:
    gc.collect()
    gc.disable()  # a collection looks through all that other tests hold
    try:
        begun = time.process_time()
        call(value)
        return time.process_time() - begun
    finally:
        gc.enable()
