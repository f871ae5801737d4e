import pytest

from tests.cost import assert_bounded, assert_linear


def pairs(count: int) -> int:
    return sum(1 for i in range(count) for j in range(count) if i < j)


def test_a_quadratic_cost_is_told_from_a_linear_one() -> None:
    assert_linear(lambda n: sum(range(n)), 500_000, 4_000_000)
    with pytest.raises(AssertionError, match="times"):
        assert_linear(pairs, 250, 2_000)


def test_a_linear_cost_is_told_from_a_bounded_one() -> None:
    assert_bounded(lambda n: sum(range(1_000_000)), 1, 50)
    with pytest.raises(AssertionError, match="times"):
        assert_bounded(lambda n: sum(range(n)), 200_000, 10_000_000)
