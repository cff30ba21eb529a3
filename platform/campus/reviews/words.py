"""What notices and pages call the parts of a round."""

from typing import Any

from campus.reviews.models import ReviewRound


def told_of(round: ReviewRound) -> dict[str, Any]:
    """What the texts of notices need, in both languages."""
    step, cohort = round.step, round.cohort
    return {
        "step": {"ja": step.title_ja, "en": step.title_en or step.title_ja},
        "cohort": {"ja": cohort.title_ja, "en": cohort.title_en or cohort.title_ja},
        "closes_at": step.closes_at,
        "idle_hours": round.idle_hours,
    }
