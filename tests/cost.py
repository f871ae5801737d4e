"""How the cost of a call grows with its input: the ratio of two measurements in one process, never seconds."""

import gc
import time
from collections.abc import Callable
from typing import TypeVar

Sized = TypeVar("Sized")

TRIES = 12
"""Noise only ever adds, so the cheapest of several tries is the truest; most calls need one."""
MEASURED = 0.002
"""CPU seconds that a measurement lasts at least: a call that costs less is made several times."""
RESOLUTION = 0.0005
"""CPU seconds of a call below which two costs cannot be told apart."""
LINEAR = 2.0
"""How far a cost that grows in proportion may seem to outgrow its input: caches and memory are not free.

Over 8 times the input one that grows with its power of 1.5 outgrows it 2.8 times, over 32 times the input 5.7 times.
"""


def assert_linear(call: Callable[[Sized], object], small: Sized, large: Sized, times: float = 8) -> None:
    """`large` is `times` as large as `small`, and the call costs in proportion: 64 times would be quadratic."""
    assert_growth(call, small, large, LINEAR * times)


def assert_bounded(call: Callable[[Sized], object], page: Sized, large: Sized) -> None:
    """`large` is fifty pages or more, and the call costs little more than for a page."""
    assert_growth(call, page, large, 12)


def assert_growth(call: Callable[[Sized], object], small: Sized, large: Sized, limit: float) -> None:
    """The call's CPU for `large` is at most `limit` times that for `small`."""
    low = high = float("inf")
    gc.collect()
    gc.disable()  # a collection looks through all that other tests hold
    try:
        for _ in range(TRIES):
            low = min(low, *(_seconds(call, small) for _ in range(3)))  # dear by chance, it would excuse the other
            high = min(high, _seconds(call, large))
            if high <= limit * max(low, RESOLUTION):
                return
    finally:
        gc.enable()
    raise AssertionError(f"{high:.4f} s against {low:.4f} s of CPU: {high / low:.1f} times, {limit:g} allowed")


def _seconds(call: Callable[[Sized], object], value: Sized) -> float:
    """The CPU of a call: the mean of as many as a measurement takes."""
    spent, calls, begun = 0.0, 0, time.process_time()
    while spent < MEASURED:
        call(value)
        calls += 1
        spent = time.process_time() - begun
    return spent / calls
