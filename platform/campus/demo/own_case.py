"""A case in the making: the organiser of the demo has begun one from a table, and its texts are still to be written."""

import csv
import io
import random
from datetime import date, timedelta

from campus.cases.authoring.drafts import begin_from_table
from campus.cases.models import CaseDraft
from campus.cohorts.models import Cohort
from campus.people.models import Person

SLUG = "station-cafes"
TITLES = ("駅前カフェの来客数", "Visitors of three station cafés")
HEADER = ("日付", "店舗", "天気予報", "クーポン", "売上", "客数")
USUAL = {"大宮駅前": 180, "浦和駅前": 120, "川越駅前": 90}
WEATHER = {"晴れ": 1.0, "くもり": 0.95, "雨": 0.75}
FIRST_DAY, DAYS = date(2026, 4, 1), 120
WISHES = {"target": "客数", "horizon": "21d"}


def begin_a_case(cohort: Cohort, organiser: Person) -> CaseDraft | None:
    """Begin it; a worker makes the pack as soon as the site runs. None where the cohort has it already."""
    if CaseDraft.objects.filter(cohort=cohort, slug=SLUG).exists():
        return None
    return begin_from_table(cohort=cohort, slug=SLUG, titles=TITLES, data=table(), wishes=WISHES, actor=organiser)


def table() -> bytes:
    """Visitors by day and café, as CSV from Excel: weekends, rain and coupons move them; takings give them away."""
    drawn = random.Random(SLUG)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(HEADER)
    for number in range(DAYS):
        day = FIRST_DAY + timedelta(days=number)
        weather = drawn.choice(list(WEATHER))
        for store, usual in USUAL.items():
            has_coupon = drawn.random() < 0.2
            mean = usual * WEATHER[weather] * (1.3 if has_coupon else 1) * (0.7 if day.weekday() > 4 else 1)
            visitors = max(0, round(drawn.gauss(mean, mean**0.5)))
            takings = f"{visitors * drawn.randint(520, 560):,}円"
            rows.writerow([f"{day:%Y/%m/%d}", store, weather, "○" if has_coupon else "×", takings, visitors])
    return text.getvalue().encode("cp932")
