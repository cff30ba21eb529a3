"""Writing and publishing a version, answering it, and taking an optional consent back."""

import hashlib
import json
import secrets
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState
from campus.consents.models import Consent, ConsentAnswer, ConsentItem, ConsentVersion, Kind
from campus.consents.queries import asked_version
from campus.consents.standard import STANDARD_INTRO, STANDARD_ITEMS
from campus.people.models import Person


@transaction.atomic
def open_draft(*, cohort: Cohort, actor: Person) -> ConsentVersion:
    """The cohort's draft. A new one starts from the cohort's latest version, else from the latest of its programme's
    other cohorts, else from the texts that come with the site."""
    Cohort.objects.select_for_update().get(pk=cohort.pk)  # Two organisers at once make one draft.
    draft = ConsentVersion.objects.filter(cohort=cohort, published_at=None).first()
    if draft:
        return draft
    latest = ConsentVersion.objects.filter(cohort=cohort).order_by("-number").first()
    pattern = latest or _latest_of_programme(cohort)
    draft = ConsentVersion.objects.create(
        cohort=cohort,
        number=latest.number + 1 if latest else 1,
        intro_ja=pattern.intro_ja if pattern else STANDARD_INTRO["ja"],
        intro_en=pattern.intro_en if pattern else STANDARD_INTRO["en"],
    )
    items = _copies(pattern) if pattern else [ConsentItem(key=item["kind"], **item) for item in STANDARD_ITEMS]
    replace_items(version=draft, items=items)
    _record("consents.draft_opened", draft, actor)
    return draft


def _latest_of_programme(cohort: Cohort) -> ConsentVersion | None:
    others = ConsentVersion.objects.published().filter(cohort__programme=cohort.programme_id)
    return others.order_by("-published_at").first()


def _copies(version: ConsentVersion) -> list[ConsentItem]:
    names = ("key", "kind", "title_ja", "title_en", "text_ja", "text_en", "is_required")
    return [ConsentItem(**{name: getattr(item, name) for name in names}) for item in version.items.all()]


@transaction.atomic
def save_draft(*, draft: ConsentVersion, items: Iterable[ConsentItem], actor: Person) -> None:
    """Keep the draft's introduction and items, in their order."""
    _refuse_published(draft)
    draft.save(update_fields=["intro_ja", "intro_en"])
    replace_items(version=draft, items=items)
    _record("consents.draft_saved", draft, actor)


def replace_items(*, version: ConsentVersion, items: Iterable[ConsentItem]) -> None:
    """Give the draft these items; each kind but "other" at most once."""
    fresh = list(items)
    version.items.all().delete()
    taken: set[str] = set()
    for position, item in enumerate(fresh):
        item.key, item.version, item.position = _key_of(item, taken), version, position
        taken.add(item.key)
    ConsentItem.objects.bulk_create(fresh)


def _key_of(item: ConsentItem, taken: set[str]) -> str:
    """The kind; for what is of no kind the key that it had in the version before, or a new one."""
    if item.kind != Kind.OTHER:
        return item.kind
    is_known = item.key.startswith(f"{Kind.OTHER}-") and item.key not in taken
    return item.key if is_known else f"{Kind.OTHER}-{secrets.token_hex(4)}"


def lacks(version: ConsentVersion) -> list[str]:
    """What a version still needs before it can be published, in words."""
    items = list(version.items.all())
    found = [] if items else [_("There is nothing to agree to yet. Add at least one item.")]
    if bool(version.intro_ja.strip()) != bool(version.intro_en.strip()):
        found.append(_("The introduction is missing in one of the languages. Write it in both."))
    for number, item in enumerate(items, start=1):
        if not all(text.strip() for text in (item.title_ja, item.title_en, item.text_ja, item.text_en)):
            found.append(_("Item %(number)d needs its title and its text in both languages.") % {"number": number})
    if items and not any(item.is_required for item in items):
        found.append(_("At least one item must be required. Learners agree to it before they begin."))
    return found


@transaction.atomic
def publish_version(*, draft: ConsentVersion, actor: Person) -> ConsentVersion:
    """Publish the draft for good: all learners of the cohort are asked. Raises ValidationError with what it lacks."""
    draft = ConsentVersion.objects.select_for_update().get(pk=draft.pk)
    _refuse_published(draft)
    if lacking := lacks(draft):
        raise ValidationError(lacking)
    draft.digest = _digest(draft)
    draft.published_at, draft.published_by = timezone.now(), actor
    draft.save(update_fields=["digest", "published_at", "published_by"])
    _record("consents.published", draft, actor)
    return draft


def _digest(version: ConsentVersion) -> str:
    content = [version.intro_ja, version.intro_en, [item.content() for item in version.items.all()]]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _refuse_published(version: ConsentVersion) -> None:
    if version.published_at is not None:
        raise ValidationError(_("This version is published and can’t be changed. Write a new one."))


def _record(action: str, version: ConsentVersion, actor: Person) -> None:
    record_audit(
        action=action,
        subject=f"consent_version:{version.pk}",
        actor=actor,
        cohort=version.cohort,
        number=version.number,
        items=version.items.count(),
    )


@transaction.atomic
def answer_version(*, enrolment: Enrolment, version: ConsentVersion, agreed: Iterable[str]) -> None:
    """Keep what the learner agrees to (keys of items) and, with all that is required, begin.

    Raises ValidationError when something required is missing, or the version is no longer the one to answer.
    Answering the same version twice changes nothing.
    """
    enrolment = Enrolment.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=enrolment.pk)
    if version.answers.filter(enrolment=enrolment).exists():
        return
    if asked_version(enrolment) != version:
        raise ValidationError(
            _("The text has been changed in the meantime. Please read the new version."), code="changed"
        )
    items = {item.key: item for item in version.items.all()}
    chosen = set(agreed) & items.keys()
    if any(item.is_required and key not in chosen for key, item in items.items()):
        raise ValidationError(_("To take part you need to agree to everything that is marked as required."))
    now = timezone.now()
    answer = ConsentAnswer.objects.create(
        enrolment=enrolment, version=version, language=get_language() or "ja", answered_at=now
    )
    Consent.objects.bulk_create(Consent(answer=answer, item=items[key], given_at=now) for key in sorted(chosen))
    begin(enrolment=enrolment)


@transaction.atomic
def begin(*, enrolment: Enrolment) -> None:
    """Let somebody who was chosen take part from now on. Raises ValidationError while there is something to answer."""
    if enrolment.state != EnrolmentState.SELECTED:
        return
    if asked_version(enrolment):
        raise ValidationError(_("Please answer the consent form first."))
    Enrolment.objects.filter(pk=enrolment.pk, state=EnrolmentState.SELECTED).update(state=EnrolmentState.ACTIVE)
    record_audit(
        action="enrolment.begun",
        subject=f"enrolment:{enrolment.pk}",
        actor=enrolment.person,
        cohort=enrolment.cohort,
    )


@transaction.atomic
def withdraw(*, answer: ConsentAnswer, item: ConsentItem) -> None:
    """End the consent to an optional item now; raises ValidationError for a required one."""
    _refuse_required(item)
    answer.consents.in_force().filter(item=item).update(withdrawn_at=timezone.now())


@transaction.atomic
def agree_again(*, answer: ConsentAnswer, item: ConsentItem) -> None:
    """Agree to an optional item after all."""
    _refuse_required(item)
    ConsentAnswer.objects.select_for_update().get(pk=answer.pk)
    if not answer.consents.in_force().filter(item=item).exists():
        Consent.objects.create(answer=answer, item=item, given_at=timezone.now())


def _refuse_required(item: ConsentItem) -> None:
    if item.is_required:
        raise ValidationError(
            _("You need to agree to this to take part. Your consent ends when you withdraw from the cohort.")
        )
