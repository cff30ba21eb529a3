"""The drawn shop: the same from the same seed, another from another, and realistic where reality bites."""

import numpy as np
import pytest
from generate import split_of
from shop.days import FIRST_DAY, HISTORY_DAYS, make_calendar
from shop.goods import Settings
from shop.world import World, make_world

SECRET = 2**127 + 12345


def stock_outs(world: World) -> tuple[float, float, float, float]:
    """Share of demand seen, of promotion rows that ran out, of all rows that ran out, of series that sell rarely."""
    past, demand = world.past, world.demand.units[:, :HISTORY_DAYS]
    promo = world.per_series(world.plan.promo)[:, :HISTORY_DAYS] > 0
    adi = HISTORY_DAYS / (past.sold > 0).sum(axis=1)
    seen = past.sold.sum() / demand.sum()
    return float(seen), float(past.ran_out[promo].mean()), float(past.ran_out.mean()), float((adi > 1.32).mean())


def test_the_same_seed_draws_the_same_world(world):
    again = make_world(seed=20260401)

    assert np.array_equal(again.demand.units, world.demand.units)
    assert np.array_equal(again.past.ordered, world.past.ordered)
    assert again.goods.names == world.goods.names


@pytest.mark.parametrize("seed", [0, 1, 2**128 - 1])
def test_every_seed_up_to_128_bits_draws_a_world_of_its_own(world, seed):
    other = make_world(seed=seed)

    assert other.test_demand.shape == world.test_demand.shape
    assert (other.test_demand != world.test_demand).mean() > 0.5
    assert not np.array_equal(other.goods.elasticity, world.goods.elasticity)
    assert other.goods.names != world.goods.names


def test_a_secret_seed_varies_the_settings_and_the_demo_does_not(world):
    secret = make_world(seed=SECRET, variation=True)

    assert world.settings == Settings()
    assert secret.settings != Settings()
    assert secret.settings == make_world(seed=SECRET, variation=True).settings


def test_the_truth_of_the_demo_says_nothing_about_a_secret_one(world):
    secret = make_world(seed=SECRET, variation=True)
    shared = min(len(world.test_demand), len(secret.test_demand))

    correlation = np.corrcoef(world.test_demand[:shared].ravel(), secret.test_demand[:shared].ravel())[0, 1]

    assert abs(correlation) < 0.3


@pytest.mark.parametrize(("seed", "variation"), [(20260401, False), (7, False), (SECRET, True), (SECRET + 1, True)])
def test_stock_outs_and_rare_sellers_are_as_in_real_shops(seed, variation):
    seen, on_promotion, on_all_days, rare = stock_outs(make_world(seed=seed, variation=variation))

    assert seen == pytest.approx(0.94, abs=0.025)
    assert on_promotion == pytest.approx(0.07, abs=0.03)
    assert on_all_days == pytest.approx(0.10, abs=0.03)
    assert rare == pytest.approx(0.26, abs=0.07)


def test_demand_is_negative_binomial_around_its_mean(world):
    mean, units = world.demand.mean, world.demand.units
    k = np.tile(world.goods.dispersion, 6)[:, None]
    standardised = (units - mean) / np.sqrt(mean + mean**2 / k)

    assert standardised.mean() == pytest.approx(0.0, abs=0.01)
    assert standardised.var() == pytest.approx(1.0, abs=0.03)


def test_a_lower_price_sells_more_by_the_elasticity_and_a_promotion_lifts_by_a_quarter(world):
    goods, plan = world.goods, world.plan
    off = np.log(plan.price / plan.usual_price)
    item, day = np.argwhere(plan.promo)[0]
    ordinary = int(np.flatnonzero(~plan.promo[item] & (world.calendar.season == 0))[0])

    assert ((goods.elasticity >= -3.5) & (goods.elasticity <= -1.5)).all()
    assert off[item, day] < -0.05
    assert off[item, ordinary] == 0
    assert plan.promo.mean() == pytest.approx(0.14, abs=0.04)
    assert world.settings.promo_lift == 1.25


def test_nothing_is_sold_that_is_not_there_and_every_unit_is_accounted_for(world):
    past = world.past
    before = past.stock[:, :-1]

    assert (past.stock >= 0).all()
    assert np.array_equal(before + past.received[:, 1:] - past.sold[:, 1:], past.stock[:, 1:])
    assert np.array_equal(past.received[:, 2:], past.ordered[:, :-2])
    assert (past.stock[past.ran_out] == 0).all()


def test_the_calendar_knows_golden_week_obon_and_new_year():
    calendar = make_calendar(np.random.default_rng(1), forecast_error=1.5)
    named = dict(zip([day.isoformat() for day in calendar.dates], calendar.season_names, strict=True))

    assert calendar.dates[0] == FIRST_DAY
    assert (named["2025-05-03"], named["2025-08-13"], named["2025-12-31"], named["2026-01-02"]) == (
        "GW",
        "お盆",
        "年末",
        "年始",
    )
    assert named["2025-06-10"] == ""
    assert calendar.holiday[calendar.dates.index(FIRST_DAY.replace(year=2026, month=5, day=6))] == "休日"


def test_the_split_keeps_series_whole_and_both_parts_alike(world):
    split = np.array(split_of(world, seed=20260401))
    sold = world.past.sold.sum(axis=1)
    public, private = sold[split == "public"], sold[split == "private"]

    assert set(split) == {"public", "private"}
    assert len(public) / len(sold) == pytest.approx(0.4, abs=0.01)
    assert public.mean() == pytest.approx(private.mean(), rel=0.15)
    assert not np.array_equal(split, split_of(world, seed=SECRET))
