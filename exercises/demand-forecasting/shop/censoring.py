"""Estimates what would have sold on days when the shelf ran empty."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import nbinom

from shop.goods import Floats

ROUNDS = 6
BLOCK_DAYS = 56
DISPERSION = 5.0


def unconstrain(
    *, sold: Floats, ran_out: NDArray[np.bool_], promo: NDArray[np.bool_], kind: NDArray[np.int64]
) -> Floats:
    """Demand per (series, day): sales where the shelf held, E[D | D > sales] where it did not.

    An EM of a plain multiplicative model: level by 8 weeks × day kind × promotion, all per series,
    with negative-binomial demand around it. `kind`: small integers per day, shape (days,), e.g. 0/1 for days off.
    """
    demand = sold.copy()
    for _ in range(ROUNDS):
        mean = _multiplicative(demand, promo=promo, kind=kind)
        demand = np.where(ran_out, mean_above(mean, sold), sold)
    return demand


def mean_above(mean: Floats, limit: Floats, dispersion: float = DISPERSION) -> Floats:
    """E[D | D > limit] for a negative binomial of mean μ and size k.

    Since d·P(D=d) = μ·P(D'=d−1) with D' of size k+1 and the same success probability, it is
    μ · P(D' ≥ limit) / P(D > limit). Never less than limit + 1, also far out in the tail.
    """
    success = dispersion / (dispersion + mean)
    above = nbinom.sf(limit, dispersion, success)
    biased = nbinom.sf(limit - 1, dispersion + 1, success)
    ratio = np.divide(biased, above, out=np.ones_like(mean), where=above > 1e-12)
    estimate: Floats = np.maximum(limit + 1, mean * ratio)
    return estimate


def _multiplicative(demand: Floats, *, promo: NDArray[np.bool_], kind: NDArray[np.int64]) -> Floats:
    """Means by level × day kind × promotion, each factor fitted to its totals twice over."""
    block = np.arange(demand.shape[1]) // BLOCK_DAYS
    groups = (_codes(block, demand.shape), _codes(kind, demand.shape), _codes(promo, demand.shape))
    mean = np.ones_like(demand)
    for _ in range(2):
        for codes in groups:
            mean = mean * _ratio(demand, mean, codes)
    return np.maximum(mean, 0.02)


def _codes(groups: NDArray[np.generic], shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Number the (series, group) pairs: same shape as the demand."""
    codes = np.broadcast_to(groups.astype(np.int64), shape)
    rows: NDArray[np.int64] = np.arange(shape[0])[:, None] * (codes.max() + 1) + codes
    return rows


def _ratio(demand: Floats, mean: Floats, codes: NDArray[np.int64]) -> Floats:
    wanted = np.bincount(codes.ravel(), weights=demand.ravel())
    expected = np.bincount(codes.ravel(), weights=mean.ravel())
    ratio: Floats = ((wanted + 1e-9) / (expected + 1e-9))[codes]
    return ratio
