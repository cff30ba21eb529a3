"""The shadow board: what every place would be by the new version, beside what it is."""

from django.db import connection

from campus.cases.models import CohortCase, Step, StepKind
from campus.rescoring.models import Rescoring
from campus.submissions.standings import OWNER_KEY, best_of_owners

GRADED = [kind for kind in StepKind if kind.is_graded]


def _places(table: str) -> str:
    """The place on both boards among the lines of the table."""
    by = "{0}.{1}_primary, {0}.{1}_secondary, {0}.{1}_at"
    boards = ((split, by.format(table, split)) for split in ("public", "private"))
    return ", ".join(f"rank() OVER (ORDER BY {order}) AS {split}_place" for split, order in boards)


# Those who left stand on no board, neither before nor after (Standing.objects.shown_on).
_FILL = f"""
    WITH now AS (
        SELECT standing.*, {_places("standing")}, {OWNER_KEY.format("standing.")} AS owner
        FROM submissions_standing standing
        LEFT JOIN cohorts_enrolment enrolment ON enrolment.id = standing.enrolment_id
        LEFT JOIN people_person person ON person.id = enrolment.person_id
        WHERE standing.step_id = %(step)s
        AND (enrolment.id IS NULL OR (enrolment.state <> 'withdrawn' AND person.is_active))
    ), measured AS ({{best}}), new AS (
        SELECT measured.*, {_places("measured")}, now.owner
        FROM measured JOIN now ON now.owner = {OWNER_KEY.format("measured.")}
    )
    INSERT INTO rescoring_shadowstanding (
        rescoring_id, step_id, enrolment_id, team_id,
        public_place_before, public_place, public_values_before, public_values,
        private_place_before, private_place, private_values_before, private_values,
        private_submission_before_id, private_submission_id
    )
    SELECT %(rescoring)s, %(step)s, now.enrolment_id, now.team_id,
        now.public_place, new.public_place, now.public_values, new.public_values,
        now.private_place, new.private_place, now.private_values, new.private_values,
        now.private_submission_id, new.private_submission_id
    FROM now JOIN new USING (owner)
"""  # noqa: S608 -- made of constants


def graded_steps(case: CohortCase) -> list[Step]:
    """The steps of the case that have a board."""
    return list(Step.objects.with_case().filter(cohort_case=case, kind__in=GRADED).order_by("position"))


def fill(rescoring: Rescoring) -> None:
    """Work out the shadow board of every graded step anew."""
    rescoring.standings.all().delete()
    for step in graded_steps(rescoring.case):
        best = best_of_owners(step=step, version=rescoring.to_version)
        with connection.cursor() as cursor:
            cursor.execute(_FILL.format(best=best.sql), best.params | {"rescoring": rescoring.pk})
