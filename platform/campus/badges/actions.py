"""What changes achievements and awards, each with its trace in the audit log."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from campus import live
from campus.badges.candidates import is_signable
from campus.badges.models import Achievement, AchievementVersion, Award, Credential, Rule, StatusList
from campus.badges.notices import REISSUED, REVOKED
from campus.badges.pictures import Design, draw
from campus.badges.refusals import CannotBeSigned, NotInForce
from campus.badges.signing import sign_all, sign_status
from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort
from campus.notices.actions import notify
from campus.people.models import Person
from campus.people.visibility import profile_of
from campus.ui.files import store

FOLDER = "badges"


@dataclass(frozen=True)
class Picture:
    """A picture that is stored already; ``design`` is empty for an uploaded one."""

    name: str
    design: dict[str, str]


def drawn(design: Design) -> Picture:
    """Draw and store it, before the transaction that refers to it. Raises DiskFull."""
    return Picture(store(draw(design), folder=FOLDER), design.kept())


def uploaded(data: bytes) -> Picture:
    """Store what was written anew. Raises DiskFull."""
    return Picture(store(data, folder=FOLDER), {})


@transaction.atomic
def create(*, cohort: Cohort, rule: Rule, texts: dict[str, Any], picture: Picture, actor: Person | None) -> Achievement:
    """Make an achievement with its first version."""
    achievement = Achievement.objects.create(cohort=cohort, rule=rule)
    _make_version(achievement, 1, texts, picture, actor)
    _audit("achievement.made", achievement, actor)
    return achievement


@transaction.atomic
def revise(
    achievement: Achievement, *, rule: Rule, texts: dict[str, Any], picture: Picture, actor: Person | None
) -> AchievementVersion:
    """Change what the achievement says. What somebody holds stays as it is: then this is a new version."""
    row = Achievement.objects.select_for_update(of=("self",)).select_related("current", "cohort").get(pk=achievement.pk)
    if row.rule != rule:
        row.rule = rule
        row.save(update_fields=["rule"])
    current = row.version
    if current.awards.exists():
        version = _make_version(row, current.number + 1, texts, picture, actor)
    else:
        version = _fill(current, texts, picture)
        version.save()
    _audit("achievement.changed", row, actor, version=version.number)
    return version


def _make_version(
    achievement: Achievement, number: int, texts: dict[str, Any], picture: Picture, actor: Person | None
) -> AchievementVersion:
    version = _fill(AchievementVersion(achievement=achievement, number=number, made_by=actor), texts, picture)
    version.save()
    achievement.current = version
    achievement.save(update_fields=["current"])
    return version


def _fill(version: AchievementVersion, texts: dict[str, Any], picture: Picture) -> AchievementVersion:
    for name, value in texts.items():
        setattr(version, name, value)
    version.picture, version.design = picture.name, picture.design
    return version


@transaction.atomic
def remove(achievement: Achievement, *, actor: Person | None) -> bool:
    """Delete an achievement that nobody holds; False where somebody does."""
    row = Achievement.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=achievement.pk)
    if row.awards.exists():
        return False
    _audit("achievement.removed", row, actor, name=row.name)
    row.runs.all().delete()
    row.versions.all().delete()
    row.delete()
    return True


def revoke(award: Award, *, reason: str, actor: Person | None) -> None:
    """End a badge for good: list of revoked ones and holder learn it at once. Raises NotInForce."""
    with live.atomic():
        row = _locked(award)
        row.revoked_at, row.revoked_by, row.revoke_reason = timezone.now(), actor, reason
        row.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
        publish_status(row.status_list)
        _audit_award("award.revoked", row, actor)
        _tell_holder(REVOKED.name, row, key=f"badge-revoked:{row.pk}", reason=reason)


def reissue(award: Award, *, actor: Person | None) -> None:
    """Sign the badge anew with the holder's present name and address; its number and first date stay.

    Raises NotInForce, CannotBeSigned.
    """
    with live.atomic():
        row = _locked(award)
        person = Person.objects.select_related("profile").get(pk=row.person_id)
        if not is_signable(person.name) or not is_signable(profile_of(person).name_roman or "-"):
            raise CannotBeSigned
        row.person, row.revision = person, row.revision + 1
        (credential,) = sign_all([row], at=timezone.now())
        row.save(update_fields=["name", "name_roman", "identity", "language", "valid_from", "revision"])
        Credential.objects.filter(award=row).delete()
        credential.save(force_insert=True)
        _audit_award("award.reissued", row, actor, revision=row.revision)
        _tell_holder(REISSUED.name, row, key=f"badge-reissued:{row.pk}:{row.revision}")


def _locked(award: Award) -> Award:
    """The row, held for a change. Raises NotInForce."""
    rows = Award.objects.issued().with_badge().select_for_update(of=("self",))
    row = rows.get(pk=award.pk)
    if row.is_revoked or row.erased_at is not None:
        raise NotInForce
    return row


@transaction.atomic
def publish_status(status_list: StatusList) -> str:
    """Sign the list of revoked badges as it is now; part of the transaction that changes it."""
    row = StatusList.objects.select_for_update().get(pk=status_list.pk)
    row.document, row.signed_at = sign_status(row), timezone.now()
    row.save(update_fields=["document", "signed_at"])
    return row.document


@transaction.atomic
def share(award: Award, *, is_public: bool, evidence: list[str]) -> None:
    """The holder's own choice: who sees the page, and what it shows beside the badge."""
    Award.objects.filter(pk=award.pk, erased_at=None).update(is_public=is_public, evidence=sorted(evidence))


def _tell_holder(kind: str, award: Award, *, key: str, reason: str = "") -> None:
    version = award.version
    live.publish(f"person:{award.person_id}", "badge", {"what": kind.partition(".")[2], "award": str(award.uid)})
    context = {"badge": {"ja": version.name_ja, "en": version.name_en}}
    notify(
        kind=kind,
        to=[award.person],
        context=context | {"reason": reason},
        url=reverse("badges:own", args=[award.uid]),
        key=key,
    )


def _audit(action: str, achievement: Achievement, actor: Person | None, **details: Any) -> None:
    subject = f"achievement:{achievement.pk}"
    record_audit(action=action, subject=subject, actor=actor, cohort=achievement.cohort, **details)


def _audit_award(action: str, award: Award, actor: Person | None, **details: int) -> None:
    record_audit(
        action=action,
        subject=f"award:{award.pk}",
        actor=actor,
        cohort=award.achievement.cohort,
        achievement=award.achievement_id,
        **details,
    )
