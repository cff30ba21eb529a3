"""Why a hand-in or a pick can be refused, in words for the person who tried."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campus.ui.moments import moment_in_words
from grader.problems import Problem


class Refused(Exception):
    """A request that can't be granted; ``str()`` says why and what to do, in the language of the page."""

    code = "refused"
    status = 409
    # True where only a page can be refused so, never a program that uses the API.
    is_of_pages = False


class NotOpenYet(Refused):
    code = "step_not_open"

    def __init__(self, opens_at: datetime) -> None:
        when = moment_in_words(opens_at)
        super().__init__(_("This step opens on %(when)s. Please hand in then.") % {"when": when})


class NotGraded(Refused):
    code = "step_not_graded"

    def __init__(self) -> None:
        super().__init__(_("This step doesn’t accept predictions."))


class NoTeam(Refused):
    code = "no_team"

    def __init__(self) -> None:
        super().__init__(_("This step is handed in by teams, and you aren’t in a team yet. Please ask the organiser."))


class NotChosen(Refused):
    code = "case_not_chosen"

    def __init__(self) -> None:
        super().__init__(_("You haven’t chosen this case to work on. Choose it first, or ask the organiser."))


class QuotaReached(Refused):
    code = "daily_limit_reached"
    status = 429

    def __init__(self, *, per_day: int, resets_at: datetime) -> None:
        self.resets_at = resets_at
        when = moment_in_words(resets_at)
        super().__init__(
            ngettext(
                "You have reached the limit of %(count)d submission a day. You can submit again from %(when)s.",
                "You have reached the limit of %(count)d submissions a day. You can submit again from %(when)s.",
                per_day,
            )
            % {"count": per_day, "when": when}
        )


class FormatRefused(Refused):
    """The file breaks the format; costs no attempt. ``problems`` name row, column and value."""

    code = "format"
    status = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__(_("The file can’t be graded as it is. It was not counted against your daily limit."))


class RunnerAway(Refused):
    code = "runner_away"
    status = 503

    def __init__(self) -> None:
        super().__init__(
            _(
                "Models and programs can’t be run at the moment. Nothing was counted against your daily limit. Please "
                "try again in a few minutes, or hand in your predictions as CSV."
            )
        )


class TooManyRuns(Refused):
    code = "too_many_runs"
    status = 429

    def __init__(self, *, limit: int, resets_at: datetime) -> None:
        self.resets_at = resets_at
        when = moment_in_words(resets_at)
        super().__init__(
            _(
                "Your models and programs have run %(limit)d times today, including failed and cancelled runs. You "
                "can hand in the next one from %(when)s. Predictions as CSV can be handed in now."
            )
            % {"limit": limit, "when": when}
        )


class TooManyRefused(Refused):
    code = "too_many_refused_files"
    status = 429

    def __init__(self, *, limit: int, minutes: int, resets_at: datetime) -> None:
        self.resets_at = resets_at
        when = moment_in_words(resets_at)
        super().__init__(
            _(
                "%(limit)d of your files were refused within %(minutes)d minutes. You can hand in again from "
                "%(when)s. Until then, check your file with “manabiai check”. Nothing was counted against your daily "
                "limit."
            )
            % {"limit": limit, "minutes": minutes, "when": when}
        )


class HasEnded(Refused):
    code = "has_ended"

    def __init__(self) -> None:
        super().__init__(_("This submission has already been graded, so it can no longer be cancelled."))


class KeyReused(Refused):
    code = "idempotency_key_reused"
    status = 422

    def __init__(self) -> None:
        super().__init__(_("This Idempotency-Key was used for another submission. Use a new one for each."))


class StorageFull(Refused):
    code = "storage_full"
    status = 507

    def __init__(self) -> None:
        super().__init__(
            _(
                "The site couldn’t store your file because its disk is full. Nothing was counted against your daily "
                "limit. Please try again later."
            )
        )


class TooManyPicks(Refused):
    code = "too_many_picks"

    def __init__(self, limit: int) -> None:
        super().__init__(
            _("You have already chosen %(limit)d submissions for the final score. Undo one of them first.")
            % {"limit": limit}
        )


class PickClosed(Refused):
    code = "picks_closed"

    def __init__(self) -> None:
        super().__init__(_("This step is closed, so the choice for the final score can no longer be changed."))


class NotPickable(Refused):
    code = "not_scored"

    def __init__(self) -> None:
        super().__init__(_("Only a scored submission can be chosen for the final score."))
