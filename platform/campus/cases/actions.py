"""Bringing cases to the site: install a pack, adopt it in a cohort, move the dates of a step."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from campus.cases.installation import Installation, Prepared, prepare
from campus.cases.models import CaseVersion, CohortCase, Step, StepKind
from campus.cases.survey_dates import open_with_steps
from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort
from campus.people.models import Person
from campus.questionnaires.building import create_questionnaire, publish
from campus.questionnaires.models import Questionnaire

# The blueprint of the form that an adopted survey begins with.
REFLECTION = "reflection"


class PackChanged(Exception):
    """A pack differs from the installed one of the same version."""

    def __init__(self, version: CaseVersion, what: str) -> None:
        super().__init__(
            f"{version.slug} {version.version} is installed already, and {what}. A released version never "
            f"changes, because scores were measured by it: give the pack a new version in case.toml and "
            "install that beside it."
        )


def install_case(
    *, source: Path, actor: Person | None, seed_file: Path | None = None, owner: Cohort | None = None
) -> CaseVersion:
    """Check a pack, build its data, score its baselines and record it as a version of a case.

    Without ``seed_file`` the data come from the public demo seed, or lie in the pack. owner: the cohort whose
    organisers made it. Installing the same again changes nothing. Raises PackError (the pack is wrong: file, field,
    mend) or PackChanged.
    """
    installation = Installation.of(source=source, seed_file=seed_file)
    if known := _installed(installation):
        return known
    return record_installed(installation, prepare(installation), owner=owner, actor=actor)


@transaction.atomic
def record_installed(
    installation: Installation, prepared: Prepared, *, owner: Cohort | None, actor: Person | None
) -> CaseVersion:
    """Record what lies in place as a version of its case, once; raises PackChanged where another one stands."""
    version, is_new = CaseVersion.objects.get_or_create(
        slug=installation.pack.slug,
        version=installation.pack.version,
        defaults=_fields(installation, prepared) | {"owner": owner},
    )
    if is_new:
        record_audit(
            action="case.installed",
            subject=f"case_version:{version.pk}",
            actor=actor,
            cohort=owner,
            pack_digest=version.pack_digest,
            seed_kind=version.seed_kind,
        )
    _refuse_difference(version, installation)
    return version


def _installed(installation: Installation) -> CaseVersion | None:
    """The recorded version with its files in place; PackChanged when it is another pack."""
    version = CaseVersion.objects.filter(slug=installation.pack.slug, version=installation.pack.version).first()
    if version is None:
        return None
    _refuse_difference(version, installation)
    if not version.path.exists():  # a database restored without its files
        prepare(installation)
    return version


def _refuse_difference(version: CaseVersion, installation: Installation) -> None:
    if version.pack_digest != installation.pack.digest:
        raise PackChanged(version, "its files differ from these")
    if version.folder != installation.folder:
        raise PackChanged(version, "its data were built from another seed")


def _fields(installation: Installation, prepared: Prepared) -> dict[str, Any]:
    pack = installation.pack
    return {
        "title_ja": pack.title.ja,
        "title_en": pack.title.en,
        "track": pack.track,
        "manifest": pack.manifest,
        "folder": installation.folder,
        "seed_kind": installation.seed.kind,
        "pack_digest": pack.digest,
        "features_digest": prepared.features_digest,
        "truth_digest": prepared.truth_digest,
        "metric_version": pack.scoring.metric_version,
        "baselines": prepared.baselines,
    }


@transaction.atomic
def adopt_case(*, cohort: Cohort, case_version: CaseVersion, starts_at: datetime, actor: Person | None) -> CohortCase:
    """Give the cohort the case at this version, its steps dated as the pack suggests from ``starts_at``.

    Raises ValidationError when the cohort has the case already.
    """
    if cohort.cases.filter(slug=case_version.slug).exists():
        raise ValidationError(_("This cohort already has the case “%(title)s”."), params={"title": case_version.title})
    case = CohortCase.objects.create(
        cohort=cohort, case_version=case_version, slug=case_version.slug, position=cohort.cases.count()
    )
    for position, section in enumerate(case_version.manifest["steps"], start=1):
        step = suggested_step(case, position, section, starts_at)
        if step.kind == StepKind.SURVEY:
            step.questionnaire = _suggested_form(step, actor)
        step.save()
    record_audit(
        action="case.adopted",
        subject=f"cohort_case:{case.pk}",
        actor=actor,
        cohort=cohort,
        case=case_version.slug,
        version=case_version.version,
    )
    return case


def suggested_step(case: CohortCase, position: int, section: dict[str, Any], starts_at: datetime) -> Step:
    """A step, not saved, dated as the pack suggests for a case that begins then."""
    return Step(
        cohort_case=case,
        key=section["key"],
        position=position,
        title_ja=section["title"]["ja"],
        title_en=section["title"]["en"],
        kind=section["kind"],
        by=section["by"],
        opens_at=starts_at + timedelta(days=section["opens_day"]),
        # A deadline at 0:00 would be read as a day later than it is.
        closes_at=starts_at + timedelta(days=section["closes_day"]) - timedelta(minutes=1),
    )


def _suggested_form(step: Step, actor: Person | None) -> Questionnaire:
    """A published form with the questions of a reflection, for the organiser to make her own."""
    fields = {"title_ja": step.title_ja, "title_en": step.title_en, "opens_at": step.opens_at}
    made = create_questionnaire(cohort=step.cohort, blueprint_key=REFLECTION, actor=actor, **fields)
    publish(questionnaire=made, actor=actor)
    return made


@transaction.atomic
def ask_in_step(*, step: Step, questionnaire: Questionnaire | None, actor: Person | None) -> None:
    """Choose the form that a survey shows; raises ValidationError for another kind of step or another cohort's form."""
    if step.kind != StepKind.SURVEY:
        raise ValidationError(_("Only a survey step can show a form."))
    if questionnaire and questionnaire.cohort != step.cohort:
        raise ValidationError(_("This form belongs to another cohort. Choose one of this cohort’s forms."))
    step.questionnaire = questionnaire
    step.save(update_fields=["questionnaire"])
    open_with_steps([step])
    record_audit(
        action="step.form_chosen",
        subject=f"step:{step.pk}",
        actor=actor,
        cohort=step.cohort,
        questionnaire=questionnaire.pk if questionnaire else None,
    )
