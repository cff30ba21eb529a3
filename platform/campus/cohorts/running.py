"""Making programmes and cohorts, changing them, and taking over what an earlier cohort had."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction

from campus.cohorts.actions import record_audit
from campus.cohorts.copying import Copying, copy_parts
from campus.cohorts.models import Cohort, Enrolment, Programme, Role
from campus.people.models import Person

# What organisers may change; slug and programme are part of addresses and of the record.
CHANGEABLE = ("title_ja", "title_en", "starts_on", "ends_on", "time_zone")


@transaction.atomic
def create_programme(*, slug: str, title_ja: str, title_en: str, actor: Person | None) -> Programme:
    """Make a kind of training that cohorts can be run of."""
    programme = Programme.objects.create(slug=slug, title_ja=title_ja, title_en=title_en)
    record_audit(action="programme.created", subject=f"programme:{programme.pk}", actor=actor, cohort=None, slug=slug)
    return programme


@transaction.atomic
def rename_programme(*, programme: Programme, title_ja: str, title_en: str, actor: Person | None) -> None:
    """Give the programme other titles."""
    programme.title_ja, programme.title_en = title_ja, title_en
    programme.save(update_fields=["title_ja", "title_en"])
    record_audit(action="programme.renamed", subject=f"programme:{programme.pk}", actor=actor, cohort=None)


@transaction.atomic
def create_cohort(
    *,
    programme: Programme,
    values: dict[str, Any],
    organisers: Iterable[Person],
    actor: Person | None,
    source: Cohort | None = None,
    parts: Collection[str] = (),
) -> Cohort:
    """Make a cohort with its organisers, and copy the chosen parts of ``source`` with their dates moved.

    values: slug and the CHANGEABLE fields.
    """
    cohort = Cohort.objects.create(programme=programme, **{name: values[name] for name in ("slug", *CHANGEABLE)})
    Enrolment.objects.bulk_create(
        Enrolment(person=person, cohort=cohort, role=Role.ORGANISER)
        for person in {one.pk: one for one in organisers}.values()
    )
    copied = copy_parts(Copying(source, cohort, actor), parts) if source else {}
    record_audit(
        action="cohort.cloned" if source else "cohort.created",
        subject=f"cohort:{cohort.pk}",
        actor=actor,
        cohort=cohort,
        **({"source": source.slug, "parts": sorted(copied)} if source else {}),
    )
    return cohort


@transaction.atomic
def change_cohort(*, cohort: Cohort, values: dict[str, Any], actor: Person | None) -> list[str]:
    """Change titles, dates or time zone; return the names of the fields that changed."""
    changed = [name for name in CHANGEABLE if name in values and getattr(cohort, name) != values[name]]
    if not changed:
        return []
    for name in changed:
        setattr(cohort, name, values[name])
    cohort.save(update_fields=changed)
    record_audit(action="cohort.changed", subject=f"cohort:{cohort.pk}", actor=actor, cohort=cohort, fields=changed)
    return changed
