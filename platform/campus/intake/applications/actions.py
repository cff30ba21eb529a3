"""What applicants do with their application. Deciding about it is in ``selection.py``."""

from django.db import transaction
from django.utils import timezone

from campus.cohorts.actions import record_audit
from campus.cohorts.models import BEFORE_THE_START, Cohort, Enrolment, EnrolmentState, Role
from campus.intake.models import Admission, Application, Decision
from campus.intake.refusals import AlreadyIn, AskOrganiser, CannotWithdraw, NotOpen
from campus.notices.actions import notify
from campus.people.models import Person
from campus.questionnaires.building import change_questionnaire
from campus.questionnaires.models import Purpose

RECEIVED, WITHDRAWN = "intake.application_received", "intake.application_withdrawn"


@transaction.atomic
def set_admission(*, cohort: Cohort, actor: Person | None, **fields: object) -> Admission:
    """Make or change the cohort's call for applications; its forms get the same opening and deadline."""
    admission = Admission.objects.filter(cohort=cohort).first() or Admission(cohort=cohort)
    changed = sorted(name for name, value in fields.items() if getattr(admission, name) != value)
    for name, value in fields.items():
        setattr(admission, name, value)
    admission.save()
    schedule_forms(admission, actor=actor)
    if changed:
        record_audit(
            action="admission.changed",
            subject=f"admission:{admission.pk}",
            actor=actor,
            cohort=cohort,
            fields=changed,
        )
    return admission


def schedule_forms(admission: Admission, *, actor: Person | None) -> None:
    """Application form and prerequisite check are open just as long as the call is."""
    dates = {"opens_at": admission.opens_at, "closes_at": admission.closes_at}
    purposes = [Purpose.APPLICATION, Purpose.PREREQUISITE]
    for form in admission.cohort.questionnaires.filter(purpose__in=purposes).exclude(**dates):
        change_questionnaire(questionnaire=form, actor=actor, **dates)


@transaction.atomic
def apply(*, admission: Admission, person: Person) -> Application:
    """Record the application of somebody whose form is submitted; a second time nothing more happens.

    Raises NotOpen, AlreadyIn, or AskOrganiser for somebody whom an organiser took out.
    """
    lock_admission(admission.cohort)
    enrolment = _enrolment_to_apply_with(admission, person)
    application = Application.objects.filter(enrolment=enrolment).first()
    if application and application.withdrawn_at is None:
        if enrolment.state == EnrolmentState.WITHDRAWN:
            raise AskOrganiser
        return application
    if not admission.is_open:
        raise NotOpen
    enrolment.state = EnrolmentState.APPLIED
    enrolment.save(update_fields=["state"])
    application = _begun_anew(application or Application(enrolment=enrolment))
    schedule_forms(admission, actor=None)  # A form that was published after the call has no dates yet.
    _tell(application, RECEIVED)
    record_audit(
        action="application.submitted", subject=f"application:{application.pk}", actor=person, cohort=admission.cohort
    )
    return application


def lock_admission(cohort: Cohort) -> Admission:
    """The cohort's admission; whoever holds it is alone in applying, withdrawing, deciding and announcing."""
    return Admission.objects.select_for_update(no_key=True, of=("self",)).select_related("cohort").get(cohort=cohort)


def _begun_anew(application: Application) -> Application:
    """As after the first submission; the organisers' note is all that stays of an earlier one."""
    application.submitted_at = application.changed_at = timezone.now()
    application.withdrawn_at = application.waitlist_rank = application.announced_at = None
    application.decision = application.announced = Decision.UNDECIDED
    application.times_submitted += 1
    application.revision += 1
    application.save()
    return application


def _enrolment_to_apply_with(admission: Admission, person: Person) -> Enrolment:
    """The person's place as learner; made where there is none."""
    enrolment, is_new = Enrolment.objects.select_related("person", "cohort").get_or_create(
        person=person, cohort=admission.cohort, role=Role.LEARNER, defaults={"state": EnrolmentState.APPLIED}
    )
    if is_new or hasattr(enrolment, "application"):
        return enrolment
    raise AskOrganiser if enrolment.state == EnrolmentState.WITHDRAWN else AlreadyIn


@transaction.atomic
def withdraw_application(*, application: Application) -> None:
    """Take the application back, or decline the place before the cohort began; raises CannotWithdraw after that."""
    lock_admission(application.enrolment.cohort)
    # Consent, which lets somebody begin, may come at the same moment.
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=application.enrolment_id)
    application = Application.objects.select_related("enrolment__person", "enrolment__cohort").get(pk=application.pk)
    if application.is_withdrawn:
        return
    if enrolment.state not in BEFORE_THE_START:
        raise CannotWithdraw
    application.withdrawn_at = application.changed_at = timezone.now()
    application.revision += 1
    application.save(update_fields=["withdrawn_at", "changed_at", "revision"])
    Enrolment.objects.filter(pk=enrolment.pk).leave(EnrolmentState.WITHDRAWN)
    _tell(application, WITHDRAWN)
    record_audit(
        action="application.withdrawn",
        subject=f"application:{application.pk}",
        actor=enrolment.person,
        cohort=enrolment.cohort,
    )


def can_withdraw(application: Application) -> bool:
    """Whether the applicant can take it back now."""
    return application.withdrawn_at is None and application.enrolment.state in BEFORE_THE_START


def _tell(application: Application, kind: str) -> None:
    """Confirm to the applicant, once for each time it happens."""
    enrolment = application.enrolment
    notify(
        kind=kind,
        to=[enrolment.person],
        context=about(enrolment.cohort),
        url=page_of(enrolment.cohort),
        key=f"application:{application.pk}:{application.revision}",
    )


def about(cohort: Cohort) -> dict[str, object]:
    """What the texts of notices name."""
    return {"cohort": {"ja": cohort.title_ja, "en": cohort.title_en or cohort.title_ja}}


def page_of(cohort: Cohort) -> str:
    """Address of the application page."""
    return f"/apply/{cohort.slug}/"
