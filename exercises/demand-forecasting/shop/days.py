"""The calendar of the case: dates, Japanese holidays, seasons of trade, temperatures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

FIRST_DAY = date(2024, 4, 1)
HISTORY_DAYS = 730
TEST_DAYS = 56
ALL_DAYS = HISTORY_DAYS + TEST_DAYS

# National holidays as the Cabinet Office lists them (内閣府「国民の祝日」), 振替休日 and 国民の休日 included.
HOLIDAYS: dict[str, str] = {
    "2024-04-29": "昭和の日", "2024-05-03": "憲法記念日", "2024-05-04": "みどりの日", "2024-05-05": "こどもの日",
    "2024-05-06": "休日", "2024-07-15": "海の日", "2024-08-11": "山の日", "2024-08-12": "休日",
    "2024-09-16": "敬老の日", "2024-09-22": "秋分の日", "2024-09-23": "休日", "2024-10-14": "スポーツの日",
    "2024-11-03": "文化の日", "2024-11-04": "休日", "2024-11-23": "勤労感謝の日",
    "2025-01-01": "元日", "2025-01-13": "成人の日", "2025-02-11": "建国記念の日", "2025-02-23": "天皇誕生日",
    "2025-02-24": "休日", "2025-03-20": "春分の日", "2025-04-29": "昭和の日", "2025-05-03": "憲法記念日",
    "2025-05-04": "みどりの日", "2025-05-05": "こどもの日", "2025-05-06": "休日", "2025-07-21": "海の日",
    "2025-08-11": "山の日", "2025-09-15": "敬老の日", "2025-09-23": "秋分の日", "2025-10-13": "スポーツの日",
    "2025-11-03": "文化の日", "2025-11-23": "勤労感謝の日", "2025-11-24": "休日",
    "2026-01-01": "元日", "2026-01-12": "成人の日", "2026-02-11": "建国記念の日", "2026-02-23": "天皇誕生日",
    "2026-03-20": "春分の日", "2026-04-29": "昭和の日", "2026-05-03": "憲法記念日", "2026-05-04": "みどりの日",
    "2026-05-05": "こどもの日", "2026-05-06": "休日",
}  # fmt: skip

# (month, day) from – to, both included; the order is the order of `Calendar.season` codes from 1.
SEASONS: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "GW": ((4, 29), (5, 6)),
    "お盆": ((8, 12), (8, 16)),
    "年末": ((12, 27), (12, 31)),
    "年始": ((1, 1), (1, 3)),
}

# Mean daily temperature in °C of the Saitama plain by month, January first (rounded climate normals).
MONTHLY_MEAN = (4.8, 5.7, 9.0, 14.3, 18.9, 22.3, 26.1, 27.2, 23.4, 17.6, 11.8, 7.0)


@dataclass(frozen=True)
class Calendar:
    """Days of the case, each array of shape (days,): history first, then the test days.

    weekday: 0 = Monday; season: 0 = ordinary, 1… = SEASONS in order; temperatures in °C.
    """

    dates: tuple[date, ...]
    weekday: NDArray[np.int64]
    holiday: tuple[str, ...]
    season: NDArray[np.int64]
    temp_obs: NDArray[np.float64]
    temp_fcst: NDArray[np.float64]

    @property
    def day_off(self) -> NDArray[np.bool_]:
        """True on Sundays, Saturdays and national holidays."""
        off: NDArray[np.bool_] = (self.weekday >= 5) | np.array([name != "" for name in self.holiday])
        return off

    @property
    def season_names(self) -> list[str]:
        """The season of trade of each day, empty on ordinary days."""
        names = ["", *SEASONS]
        return [names[code] for code in self.season]


def make_calendar(rng: np.random.Generator, *, forecast_error: float) -> Calendar:
    """The fixed dates with this seed's weather; the forecast errs by `forecast_error` °C (standard deviation)."""
    dates = tuple(FIRST_DAY + timedelta(days=offset) for offset in range(ALL_DAYS))
    observed = _temperatures(rng, dates)
    forecast = observed + rng.normal(0.0, forecast_error, len(dates))
    return Calendar(
        dates=dates,
        weekday=np.array([day.weekday() for day in dates]),
        holiday=tuple(HOLIDAYS.get(day.isoformat(), "") for day in dates),
        season=np.array([_season(day) for day in dates]),
        temp_obs=np.round(observed, 1),
        temp_fcst=np.round(forecast, 1),
    )


def _season(day: date) -> int:
    for code, (first, last) in enumerate(SEASONS.values(), start=1):
        if first <= (day.month, day.day) <= last:
            return code
    return 0


def _temperatures(rng: np.random.Generator, dates: tuple[date, ...]) -> NDArray[np.float64]:
    """Climate interpolated between mid-months, plus warm and cold spells (an AR(1) of about 3 °C)."""
    middle = np.array([-15, *(15 + 30.4 * month for month in range(12)), 380])
    mean = np.array([MONTHLY_MEAN[-1], *MONTHLY_MEAN, MONTHLY_MEAN[0]])
    climate = np.interp([day.timetuple().tm_yday for day in dates], middle, mean)
    spells = persistent_noise(rng, shape=(len(dates),), keep=0.7, spread=2.6)
    warmth: NDArray[np.float64] = climate + spells
    return warmth


def persistent_noise(
    rng: np.random.Generator, *, shape: tuple[int, ...], keep: float, spread: float
) -> NDArray[np.float64]:
    """AR(1) along the last axis with coefficient `keep` and stationary standard deviation `spread`."""
    noise = rng.normal(0.0, spread * np.sqrt(1 - keep**2), shape)
    noise[..., 0] = rng.normal(0.0, spread, shape[:-1])
    for step in range(1, shape[-1]):
        noise[..., step] += keep * noise[..., step - 1]
    return noise
