from collections.abc import Callable
from math import log

import pytest

from tests import cost
from tests.cost import assert_bounded, assert_linear


class Clock:
    """CPU time that passes as it is told to."""

    now = 0.0

    def process_time(self) -> float:
        return self.now

    def spend(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(cost, "time", clock)
    monkeypatch.setattr(cost.gc, "collect", lambda: None)
    return clock


Growth = Callable[[int], float]


@pytest.mark.parametrize("growth", [lambda n: n, lambda n: n * log(n), lambda n: n + 500])
@pytest.mark.parametrize("unit", [1e-7, 1e-5])
def test_a_linear_cost_passes(clock: Clock, growth: Growth, unit: float) -> None:
    for times in (8, 32):
        assert_linear(lambda n: clock.spend(unit * growth(n)), 1_000, 1_000 * times, times)


@pytest.mark.parametrize("growth", [lambda n: n**1.5, lambda n: n**2, lambda n: n**3])
@pytest.mark.parametrize("unit", [1e-7, 1e-5])
def test_a_cost_that_outgrows_its_input_is_told(clock: Clock, growth: Growth, unit: float) -> None:
    for times in (8, 32):
        with pytest.raises(AssertionError, match="times"):
            assert_linear(lambda n: clock.spend(unit * growth(n)), 1_000, 1_000 * times, times)


def test_a_small_input_that_is_dear_by_chance_excuses_nothing(clock: Clock) -> None:
    chance = iter([4.0, 1.0])

    def call(n: int) -> None:
        clock.spend(1e-5 * n**2 * next(chance, 1.0))

    with pytest.raises(AssertionError, match="times"):
        assert_linear(call, 1_000, 8_000)


def test_a_large_input_that_is_dear_by_chance_is_tried_again(clock: Clock) -> None:
    chance = iter([1.0] * 3 + [4.0])
    assert_linear(lambda n: clock.spend(1e-5 * n * next(chance, 1.0)), 1_000, 8_000)


def test_a_bounded_cost_is_told_from_a_linear_one(clock: Clock) -> None:
    assert_bounded(lambda n: clock.spend(0.01), 1_000, 50_000)
    with pytest.raises(AssertionError, match="times"):
        assert_bounded(lambda n: clock.spend(1e-6 * n), 1_000, 50_000)


def test_real_work_is_measured() -> None:
    assert_linear(lambda n: sum(range(n)), 500_000, 4_000_000)
    with pytest.raises(AssertionError, match="times"):
        assert_linear(lambda n: sum(range(n * n)), 150, 1_200)
