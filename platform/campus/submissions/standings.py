"""Works out places on a board: of one owner, of a whole step, or as another version of the case would have them.

One statement says the rule, so that the board, a moved deadline and a rescoring can never disagree.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from campus import live
from campus.cases.models import CaseVersion, Step
from campus.submissions.models import FINAL_PICKS, Owner
from campus.submissions.noise import defer_noise
from campus.submissions.versions import hold_case, hold_version

# A team has one line for all its members; negative numbers stand for enrolments.
OWNER_KEY = "coalesce({0}team_id, -{0}enrolment_id)"

COLUMNS = [
    "enrolment_id",
    "team_id",
    "scored_count",
    *(
        f"{split}_{name}"
        for split in ("public", "private")
        for name in ("submission_id", "values", "primary", "secondary", "at")
    ),
]

# Public: the best provisional score. Private: the best final score among the picks, or, where nothing was picked,
# among the best provisional ones. Only what was handed in before the owner's deadline takes part.
_BEST = """
    WITH scored AS (
        SELECT submission.id, submission.created_at AS at,
               coalesce(submission.team_id, -submission.enrolment_id) AS owner,
               public.id AS public_id, public.sort_primary AS public_primary, public.sort_secondary AS public_secondary,
               private.id AS private_id, private.sort_primary AS private_primary,
               private.sort_secondary AS private_secondary, pick.id IS NOT NULL AS is_picked
        FROM submissions_submission submission
        JOIN submissions_grading grading ON grading.submission_id = submission.id AND grading.state = 'scored'
        JOIN submissions_score public ON public.prediction_id = grading.prediction_id AND public.split = 'public'
            AND public.metric_version = %(metric)s AND public.truth_version = %(truth)s
        JOIN submissions_score private ON private.prediction_id = grading.prediction_id AND private.split = 'private'
            AND private.metric_version = %(metric)s AND private.truth_version = %(truth)s
        JOIN cases_step step ON step.id = submission.step_id
        LEFT JOIN cases_extension extension ON extension.step_id = step.id AND CASE WHEN submission.team_id IS NULL
            THEN extension.enrolment_id = submission.enrolment_id ELSE extension.team_id = submission.team_id END
        LEFT JOIN submissions_finalpick pick ON pick.submission_id = submission.id
        WHERE submission.step_id = %(step)s {owner}
        AND submission.created_at < greatest(step.closes_at, extension.closes_at)
    ), ordered AS (
        SELECT scored.*, row_number() OVER by_public AS rank,
               count(*) OVER by_owner AS scored_count, bool_or(is_picked) OVER by_owner AS has_picks
        FROM scored
        WINDOW by_owner AS (PARTITION BY owner),
               by_public AS (PARTITION BY owner ORDER BY public_primary, public_secondary, at, id)
    ), final AS (
        SELECT DISTINCT ON (owner) * FROM ordered
        WHERE CASE WHEN has_picks THEN is_picked ELSE rank <= %(picks)s END
        ORDER BY owner, private_primary, private_secondary, at, id
    )
    SELECT CASE WHEN best.owner < 0 THEN -best.owner END AS enrolment_id,
           CASE WHEN best.owner > 0 THEN best.owner END AS team_id, best.scored_count,
           best.id AS public_submission_id, public.values AS public_values,
           best.public_primary, best.public_secondary, best.at AS public_at,
           final.id AS private_submission_id, private.values AS private_values,
           final.private_primary, final.private_secondary, final.at AS private_at
    FROM ordered best
    JOIN final USING (owner)
    JOIN submissions_score public ON public.id = best.public_id
    JOIN submissions_score private ON private.id = final.private_id
    WHERE best.rank = 1
"""

_GONE = f"""
    DELETE FROM submissions_standing standing WHERE standing.step_id = %(step)s {{owner}}
    AND NOT EXISTS (SELECT FROM best WHERE {OWNER_KEY.format("best.")} = {OWNER_KEY.format("standing.")})
"""  # noqa: S608 -- made of constants, as is the next
_WRITE = f"""
    WITH best AS ({{best}}), gone AS ({{gone}})
    MERGE INTO submissions_standing standing USING best
    ON standing.step_id = %(step)s AND {OWNER_KEY.format("standing.")} = {OWNER_KEY.format("best.")}
    WHEN MATCHED THEN UPDATE SET {", ".join(f"{name} = best.{name}" for name in COLUMNS)}
    WHEN NOT MATCHED THEN INSERT (step_id, {", ".join(COLUMNS)})
    VALUES (%(step)s, {", ".join(f"best.{name}" for name in COLUMNS)})
"""  # noqa: S608


@dataclass(frozen=True)
class Statement:
    """SQL with its parameters."""

    sql: str
    params: dict[str, Any]


def best_of_owners(*, step: Step, version: CaseVersion, owner: Owner | None = None) -> Statement:
    """A SELECT of COLUMNS: what each owner of the step (or one) is placed by, measured by this version."""
    params = {
        "step": step.pk,
        "metric": version.metric_version,
        "truth": version.truth_digest,
        "picks": FINAL_PICKS,
    }
    return Statement(_BEST.format(owner=_only(owner, "submission")), params | _owner_params(owner))


def _only(owner: Owner | None, table: str) -> str:
    if owner is None:
        return ""
    if owner.team:
        return f"AND {table}.team_id = %(team)s"
    return f"AND {table}.team_id IS NULL AND {table}.enrolment_id = %(enrolment)s"


def _owner_params(owner: Owner | None) -> dict[str, Any]:
    if owner is None:
        return {}
    return {"team": owner.team.pk} if owner.team else {"enrolment": owner.enrolment.pk}


def refresh_standing(*, step: Step, owner: Owner) -> None:
    """Work out the owner's place anew. Call inside ``live.atomic`` with the owner locked."""
    hold_version(step)
    _write(step, owner)


@live.atomic
def refresh_standings(step: Step) -> None:
    """Work out every place of the step anew: its dates have moved, or scores came from elsewhere."""
    hold_case(step.cohort_case)
    _write(step, None)


def _write(step: Step, owner: Owner | None) -> None:
    best = best_of_owners(step=step, version=step.case_version, owner=owner)
    sql = _WRITE.format(best=best.sql, gone=_GONE.format(owner=_only(owner, "standing")))
    with connection.cursor() as cursor:
        cursor.execute(sql, best.params)
    live.touch(f"board:{step.pk}", "board")
    defer_noise(step.pk)
