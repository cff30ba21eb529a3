"""From the click in the LMS to a person in the cohort: begin, receive the answer, link accounts, admit."""

import hashlib
import secrets

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from campus.cases.models import Step
from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role
from campus.environment import LtiPlatform
from campus.intake.invitations.actions import is_newcomer, verify_address
from campus.lti.models import COME_IN_WITHIN, AdmissionByLaunch, Launch, LmsAccount
from campus.lti.platforms import platform_named
from campus.lti.tokens import Claims, NotBelieved, read_token
from campus.people.institutions import is_trusted
from campus.people.models import Person
from campus.people.names import acceptable_name

SALT, TICKET_SALT = "campus.lti.state", "campus.lti.ticket"


class AlreadyLinked(Exception):
    """Somebody was quicker to link the LMS's account."""


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


def begin(platform: LtiPlatform) -> tuple[Launch, str]:
    """Open a launch; the state that goes to the LMS is signed, and only its digest is kept."""
    state = signing.Signer(salt=SALT).sign(secrets.token_urlsafe(24))
    launch = Launch.objects.create(platform=platform.key, digest=_digest(state), nonce=secrets.token_urlsafe(32))
    return launch, state


def receive(*, state: str, token: str) -> Launch:
    """Take the LMS's answer, once for each state, whatever it holds; raise NotBelieved."""
    try:
        signing.Signer(salt=SALT).unsign(state)
    except signing.BadSignature as error:
        raise NotBelieved("state") from error
    now = timezone.now()
    found = Launch.objects.filter(digest=_digest(state), answered_at=None, expires_at__gt=now)
    if not found.update(answered_at=now, expires_at=now + COME_IN_WITHIN):
        raise NotBelieved("used_or_late")
    launch = Launch.objects.get(digest=_digest(state))
    platform = platform_named(launch.platform)
    if platform is None:
        raise NotBelieved("platform")
    launch.claims = read_token(token, platform=platform, nonce=launch.nonce).to_json()
    launch.save(update_fields=["claims"])
    return launch


def ticket_of(launch: Launch) -> str:
    """What leads the browser in; only good together with the session in which the launch began."""
    return signing.dumps(launch.pk, salt=TICKET_SALT)


def launch_of(ticket: str) -> Launch | None:
    """The launch that was answered and not entered yet."""
    try:
        pk = signing.loads(ticket, salt=TICKET_SALT)
    except signing.BadSignature:
        return None
    return Launch.objects.filter(pk=pk, expires_at__gt=timezone.now()).exclude(claims={}).first()


def account_of(launch: Launch) -> LmsAccount | None:
    """Whom the LMS means, where that is known."""
    subject = Claims.from_json(launch.claims).subject
    known = LmsAccount.objects.select_related("person").filter(platform=launch.platform, subject=subject)
    return known.first()


def newcomer_for(launch: Launch) -> Person | None:
    """Somebody to be signed in without more ado though the accounts were never linked, made where there is nobody.

    Only where the operator says that the LMS speaks for the address's domain, and only for people who have no other
    way in yet: nobody's account is opened by what an LMS claims. None for everybody else.
    """
    claims, platform = Claims.from_json(launch.claims), platform_named(launch.platform)
    if platform is None or not is_trusted(platform.domains, claims.email):
        return None
    try:
        validate_email(claims.email)
    except ValidationError:
        return None
    person = Person.objects.filter(email__iexact=claims.email).first()
    if person is None:
        return _make(claims) if _may_sign_up(launch) else None
    is_free = person.is_active and not person.is_staff and is_newcomer(person)
    return person if is_free and not SocialAccount.objects.filter(user=person).exists() else None


def _may_sign_up(launch: Launch) -> bool:
    """While sign-up is closed, only who is let into the cohort that the link names."""
    cohort = cohort_of(launch)
    return settings.ENVIRONMENT.sign_up == "open" or bool(cohort and _allowed_role(launch, cohort))


def _make(claims: Claims) -> Person | None:
    if EmailAddress.objects.filter(email__iexact=claims.email).exists():  # Somebody's second address.
        return None
    try:
        with transaction.atomic():
            return Person.objects.create_user(claims.email, name=_name_of(claims))
    except IntegrityError:
        return None


def _name_of(claims: Claims) -> str:
    return acceptable_name(claims.name) or claims.email.partition("@")[0]


@transaction.atomic
def link(launch: Launch, person: Person, *, confirms_address: bool = False) -> LmsAccount:
    """Remember that the LMS means this person; raises AlreadyLinked where it means somebody else by now."""
    subject = Claims.from_json(launch.claims).subject
    account, is_new = LmsAccount.objects.get_or_create(
        platform=launch.platform, subject=subject, defaults={"person": person}
    )
    if account.person_id != person.pk:
        raise AlreadyLinked
    if confirms_address:
        verify_address(person)
    if is_new:
        record_audit(
            action="lti.account_linked",
            subject=f"person:{person.pk}",
            actor=person,
            cohort=None,
            platform=launch.platform,
        )
    return account


def cohort_of(launch: Launch) -> Cohort | None:
    """The cohort that the link names."""
    slug = Claims.from_json(launch.claims).place.get("cohort", "")
    return Cohort.objects.filter(slug=slug).first()


def step_of(launch: Launch, cohort: Cohort) -> Step | None:
    """The step that the link names by its key; by its case too where several cases have such a step."""
    place = Claims.from_json(launch.claims).place
    steps = Step.objects.filter(cohort_case__cohort=cohort, key=place.get("step", "")).select_related("cohort_case")
    if case := place.get("case"):
        steps = steps.filter(cohort_case__slug=case)
    found = list(steps[:2])
    return found[0] if len(found) == 1 else None


@transaction.atomic
def admit(launch: Launch, person: Person, cohort: Cohort) -> bool:
    """Let the person into the cohort as its organisers allow; whether she is in it now, in whatever state.

    Who has any part in it already keeps just that: a launch gives nobody a second role, and nobody back a lost one.
    """
    if Enrolment.objects.filter(person=person, cohort=cohort).exists():
        return True
    role = _allowed_role(launch, cohort)
    if role is None or cohort.ends_on < timezone.localdate():
        return False
    enrolment = Enrolment.objects.create(person=person, cohort=cohort, role=role, state=EnrolmentState.SELECTED)
    record_audit(
        action="lti.joined",
        subject=f"enrolment:{enrolment.pk}",
        actor=person,
        cohort=cohort,
        platform=launch.platform,
        role=role,
    )
    return True


def _allowed_role(launch: Launch, cohort: Cohort) -> Role | None:
    rule = AdmissionByLaunch.objects.filter(cohort=cohort, platform=launch.platform).first()
    said = Claims.from_json(launch.claims).role
    if rule and rule.learners and said == "learner":
        return Role.LEARNER
    return Role.FACILITATOR if rule and rule.facilitators and said == "instructor" else None


def finish(launch: Launch) -> None:
    """The launch brought its person in: it is forgotten, with what the LMS told of her."""
    now = timezone.now()
    subject = Claims.from_json(launch.claims).subject
    LmsAccount.objects.filter(platform=launch.platform, subject=subject).update(last_launch_at=now)
    launch.delete()


@transaction.atomic
def change_admission(*, cohort: Cohort, platform: str, learners: bool, facilitators: bool, actor: Person) -> None:
    """Say whom an LMS may bring into the cohort."""
    values = {"learners": learners, "facilitators": facilitators}
    rule, _is_new = AdmissionByLaunch.objects.get_or_create(cohort=cohort, platform=platform)
    if (rule.learners, rule.facilitators) == (learners, facilitators):
        return
    AdmissionByLaunch.objects.filter(pk=rule.pk).update(**values)
    record_audit(
        action="lti.rule_changed",
        subject=f"cohort:{cohort.pk}",
        actor=actor,
        cohort=cohort,
        platform=platform,
        **values,
    )


def delete_expired() -> int:
    """Forget launches that nobody went on with."""
    return Launch.objects.filter(expires_at__lte=timezone.now()).delete()[0]
