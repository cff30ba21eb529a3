"""The inventory simulator against a slow loop written from the words of the story."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.simulators.inventory import Opening, run_policy, simulate
from grader.truth import Truth


def slow_cost(target, demand, on_hand, on_order, hold, lost) -> float:
    """One series, day by day, in plain Python; halves are ordered up."""
    stock, coming, yen = float(on_hand), [float(units) for units in on_order], 0.0
    for level, wanted in zip(target, demand, strict=True):
        stock += coming.pop(0)
        gap = level - stock - sum(coming)
        whole = int(gap) if gap >= 0 else 0
        coming.append(whole + 1 if gap > 0 and gap - whole >= 0.5 else whole)
        sold = min(stock, wanted)
        stock -= sold
        yen += hold * stock + lost * (wanted - sold)
    return yen


def shop(seed: int, *, series: int, days: int, lead: int):
    rng = np.random.default_rng(seed)
    opening = Opening(
        on_hand=rng.integers(0, 30, series).astype(float), on_order=rng.integers(0, 9, (series, lead)).astype(float)
    )
    yen = rng.uniform(0.5, 20, series), rng.uniform(5, 300, series)
    return rng.uniform(0, 40, (series, days)), rng.poisson(6, (series, days)).astype(float), opening, *yen


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 6), st.integers(1, 70), st.integers(1, 4))
def test_the_vectors_agree_with_the_slow_loop(seed, series, days, lead):
    target, demand, opening, hold, lost = shop(seed, series=series, days=days, lead=lead)

    fast = run_policy(order_up_to=target, demand=demand, opening=opening).cost(hold_yen=hold, lost_yen=lost)

    slow = [
        slow_cost(target[row], demand[row], opening.on_hand[row], opening.on_order[row], hold[row], lost[row])
        for row in range(series)
    ]
    assert fast == pytest.approx(slow, rel=1e-9, abs=1e-9)


def test_an_order_of_this_morning_arrives_on_the_morning_after_next():
    opening = Opening(on_hand=np.array([0.0]), on_order=np.array([[0.0, 0.0]]))

    run = run_policy(order_up_to=np.full((1, 4), 5.0), demand=np.zeros((1, 4)), opening=opening)

    assert run.ordered.tolist() == [[5, 0, 0, 0]]
    assert run.received.tolist() == [[0, 0, 5, 0]]
    assert run.stock.tolist() == [[0, 0, 5, 5]]


def test_missed_customers_do_not_wait():
    opening = Opening(on_hand=np.array([2.0]), on_order=np.array([[0.0, 0.0]]))
    demand = np.array([[5.0, 0.0, 1.0]])

    run = run_policy(order_up_to=np.full((1, 3), 4.0), demand=demand, opening=opening)

    assert run.lost.tolist() == [[3, 0, 0]]
    assert run.ordered.tolist() == [[2, 2, 0]]
    assert run.stock.tolist() == [[0, 0, 1]]
    assert run.cost(hold_yen=np.array([10.0]), lost_yen=np.array([50.0])).tolist() == [160.0]


@pytest.mark.parametrize(
    ("target", "opening"),
    [
        (np.ones((2, 3)), Opening(np.ones(1), np.ones((1, 2)))),
        (np.ones((1, 3)), Opening(np.ones(2), np.ones((2, 2)))),
        (np.ones((1, 3)), Opening(np.ones(1), np.ones((1, 0)))),
    ],
)
def test_shapes_that_do_not_fit_are_refused(target, opening):
    with pytest.raises(ValueError, match=r"shape|series|lead time"):
        run_policy(order_up_to=target, demand=np.ones((1, 3)), opening=opening)


def truth_of(opening, demand, hold, lost, order) -> Truth:
    """The same shop as the scorer holds it, its rows in any order."""
    series, days = demand.shape
    columns = {
        "series": np.repeat(np.arange(series), days).astype(float)[order],
        "day": np.tile(np.arange(days), series).astype(float)[order],
        "demand": demand.ravel()[order],
    }
    arriving = {f"arriving_{day + 1}": opening.on_order[:, day] for day in range(opening.on_order.shape[1])}
    table = {"on_hand": opening.on_hand, **arriving, "hold_yen": hold, "lost_yen": lost}
    return Truth(columns, {"series": table}, {}, digest="", features_digest="", seed_digest="")


def test_the_scored_rows_add_up_whatever_their_order():
    target, demand, opening, hold, lost = shop(3, series=5, days=56, lead=2)
    order = np.random.default_rng(4).permutation(demand.size)

    rows = simulate(
        plan={"order_up_to": target.ravel()[order]},
        truth=truth_of(opening, demand, hold, lost, order),
        params={"lead_days": 2},
    )

    run = run_policy(order_up_to=target, demand=demand, opening=opening)
    assert rows["cost"].sum() == pytest.approx(run.cost(hold_yen=hold, lost_yen=lost).sum(), rel=1e-12)
    assert np.array_equal(rows["lost"], run.lost.ravel()[order])
    assert np.array_equal(rows["stock"], run.stock.ravel()[order])


def test_a_truth_with_a_missing_day_is_refused():
    _, demand, opening, hold, lost = shop(3, series=2, days=5, lead=2)
    order = np.arange(demand.size)[1:]

    with pytest.raises(ValueError, match="one row for each series and day"):
        simulate(
            plan={"order_up_to": np.ones(len(order))},
            truth=truth_of(opening, demand, hold, lost, order),
            params={"lead_days": 2},
        )


@pytest.mark.parametrize("lead_days", [0, 1.5, "2", None])
def test_a_senseless_lead_time_is_refused(lead_days):
    _, demand, opening, hold, lost = shop(3, series=2, days=5, lead=2)
    order = np.arange(demand.size)

    with pytest.raises(ValueError, match="lead_days"):
        simulate(
            plan={"order_up_to": np.ones(demand.size)},
            truth=truth_of(opening, demand, hold, lost, order),
            params={"lead_days": lead_days},
        )
