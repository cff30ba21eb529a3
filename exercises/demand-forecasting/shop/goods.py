"""Draws this seed's shop: which goods, what they cost, how customers react, when they are on promotion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shop.days import Calendar

Floats = NDArray[np.float64]
STORES = ("S1", "S2", "S3", "S4", "S5", "S6")
LEAD_DAYS = 2


@dataclass(frozen=True)
class Settings:
    """What varies beside the draws themselves; the defaults are the demo's."""

    items: int = 22
    slow_share: float = 0.25  # of the items sell on fewer than three days in four
    promo_lift: float = 1.25  # factor on promotion days beyond what the price does
    elasticity_low: float = -3.5
    elasticity_high: float = -1.5
    level_drift: float = 0.12  # spread of the slow drift of each series, in log units
    forecast_error: float = 1.5  # °C, standard deviation of 予想気温
    hold_per_cost: float = 0.040  # yen a unit and night per yen of purchase price (space, ageing, waste)
    lost_per_margin: float = 0.6  # yen a lost unit per yen of margin (four in ten customers take another article)

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Settings:
        """Settings of a real cohort: drawn from its secret seed, so that this file does not give them away."""
        return cls(
            items=int(rng.integers(20, 26)),
            slow_share=rng.uniform(0.22, 0.28),
            promo_lift=rng.uniform(1.18, 1.32),
            elasticity_low=rng.uniform(-3.6, -3.1),
            elasticity_high=rng.uniform(-1.9, -1.5),
            level_drift=rng.uniform(0.10, 0.15),
            forecast_error=rng.uniform(1.2, 2.0),
            hold_per_cost=rng.uniform(0.036, 0.044),
            lost_per_margin=rng.uniform(0.54, 0.66),
        )


@dataclass(frozen=True)
class Family:
    """A family of goods: how its demand follows the week, the temperature and the seasons of trade (factors)."""

    label: str
    weekend: float
    per_10_degrees: float  # log units per +10 °C
    seasons: tuple[float, float, float, float]  # GW, お盆, 年末, 年始
    freshness: float  # multiplies the holding cost: what spoils fast costs more a night


FAMILIES: dict[str, Family] = {
    "野菜": Family("野菜", 1.22, -0.04, (1.10, 1.15, 1.45, 0.70), 1.3),
    "精肉": Family("精肉", 1.40, -0.03, (1.45, 1.50, 1.60, 0.85), 1.5),
    "鮮魚": Family("鮮魚", 1.35, -0.06, (1.15, 1.30, 1.75, 0.80), 1.7),
    "乳製品": Family("乳製品", 1.15, 0.03, (1.05, 0.95, 1.15, 0.90), 1.1),
    "飲料": Family("飲料", 1.25, 0.30, (1.35, 1.45, 1.30, 1.20), 0.6),
    "氷菓": Family("氷菓", 1.30, 0.45, (1.35, 1.50, 0.95, 0.95), 0.7),
    "パン": Family("パン", 1.05, -0.05, (0.90, 0.85, 0.90, 0.75), 1.5),
    "惣菜": Family("惣菜", 1.20, 0.02, (1.20, 1.40, 1.35, 1.10), 1.6),
    "日配": Family("日配", 1.18, -0.15, (1.00, 1.05, 1.50, 0.95), 1.0),
    "菓子": Family("菓子", 1.22, -0.02, (1.30, 1.40, 1.40, 1.45), 0.6),
}

# name, family, usual price in yen
CATALOGUE: tuple[tuple[str, str, int], ...] = (
    ("キャベツ", "野菜", 188), ("トマト 4個", "野菜", 298), ("きゅうり 3本", "野菜", 178),
    ("長ねぎ 2本", "野菜", 198), ("ほうれん草", "野菜", 168), ("深谷ブロッコリー", "野菜", 228),
    ("豚バラ 200g", "精肉", 398), ("鶏もも 300g", "精肉", 358), ("合挽き肉 250g", "精肉", 378),
    ("和牛切り落とし", "精肉", 880), ("塩鮭 2切", "鮮魚", 398), ("まぐろ刺身", "鮮魚", 598),
    ("あじ開き 2枚", "鮮魚", 348), ("しらす", "鮮魚", 298), ("牛乳 1L", "乳製品", 238),
    ("ヨーグルト 400g", "乳製品", 178), ("スライスチーズ", "乳製品", 258), ("生クリーム", "乳製品", 328),
    ("緑茶 2L", "飲料", 158), ("麦茶 2L", "飲料", 148), ("炭酸水 500ml", "飲料", 98),
    ("狭山茶ラテ", "飲料", 168), ("バニラカップ", "氷菓", 148), ("棒アイス 6本", "氷菓", 348),
    ("かき氷いちご", "氷菓", 158), ("食パン 6枚", "パン", 178), ("ロールパン 6個", "パン", 198),
    ("五穀パン", "パン", 268), ("コロッケ 3個", "惣菜", 258), ("鶏の唐揚げ", "惣菜", 398),
    ("ポテトサラダ", "惣菜", 228), ("助六寿司", "惣菜", 448), ("木綿豆腐", "日配", 88),
    ("納豆 3個", "日配", 108), ("生うどん 3食", "日配", 198), ("おでん種セット", "日配", 358),
    ("せんべい", "菓子", 218), ("カステラ", "菓子", 398), ("水ようかん", "菓子", 158),
    ("草加煎餅 贈答", "菓子", 980),
)  # fmt: skip


@dataclass(frozen=True)
class Goods:
    """The items of this shop; arrays of shape (items,), yen and units; `names` and `families` in the same order."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    families: tuple[Family, ...]
    price: Floats
    cost: Floats
    hold_yen: Floats
    lost_yen: Floats
    elasticity: Floats
    level: Floats  # mean units a day in a store of ordinary size
    dispersion: Floats  # k of the negative binomial: variance = μ + μ²/k


@dataclass(frozen=True)
class Plan:
    """The chain's flyer: price in yen and promotion flag, each of shape (items, days), the same in all stores."""

    price: Floats
    usual_price: Floats
    promo: NDArray[np.bool_]


def draw_goods(rng: np.random.Generator, settings: Settings) -> Goods:
    """Choose the items and draw their economics and customers' reactions."""
    count = settings.items
    chosen = np.sort(rng.choice(len(CATALOGUE), size=count, replace=False))
    rows = [CATALOGUE[index] for index in chosen]
    families = tuple(FAMILIES[row[1]] for row in rows)
    price = np.array([float(row[2]) for row in rows])
    cost = np.round(price * (1 - rng.uniform(0.22, 0.38, count)))
    fresh = np.array([family.freshness for family in families])
    return Goods(
        ids=tuple(f"I{number:02d}" for number in range(1, count + 1)),
        names=tuple(row[0] for row in rows),
        families=families,
        price=price,
        cost=cost,
        hold_yen=np.round(cost * settings.hold_per_cost * fresh, 1),
        lost_yen=np.round((price - cost) * settings.lost_per_margin),
        elasticity=rng.uniform(settings.elasticity_low, settings.elasticity_high, count),
        level=_levels(rng, settings),
        dispersion=rng.uniform(4.0, 9.0, count),
    )


def _levels(rng: np.random.Generator, settings: Settings) -> Floats:
    """Units a day: most items sell 3–8, the slow ones 0.3–0.9 (ADI > 1.32), in random order."""
    slow = round(settings.items * settings.slow_share)
    quick = np.exp(rng.uniform(np.log(2.9), np.log(8.5), settings.items - slow))
    return rng.permutation(np.concatenate([rng.uniform(0.3, 0.9, slow), quick]))


def draw_plan(rng: np.random.Generator, goods: Goods, calendar: Calendar) -> Plan:
    """Promotion weeks (Monday to Sunday, about one in seven, 10–22 % off) and one price rise per item on the way."""
    items, days = len(goods.ids), len(calendar.dates)
    rise_day = rng.integers(120, 600, items)
    rise = rng.uniform(1.0, 1.08, items)
    usual = goods.price[:, None] * np.where(np.arange(days)[None, :] >= rise_day[:, None], rise[:, None], 1.0)
    week = np.cumsum(calendar.weekday == 0)
    on_week = rng.random((items, week[-1] + 1)) < 0.14
    promo = on_week[:, week]
    off = rng.uniform(0.10, 0.22, on_week.shape)[:, week]
    price: Floats = np.round(np.where(promo, usual * (1 - off), usual)).astype(np.float64)
    return Plan(price=price, usual_price=np.round(usual), promo=promo)
