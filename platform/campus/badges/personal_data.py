"""What badges hold of a person, and what a verifier sees of somebody who has left.

The award stays as a bare fact (which badge, when, its place in the status list), so that a copy in the holder's hands
is still proved by signature and status list. Name, hash of the address and the signed documents are deleted: the
badge's page and its hosted 2.0 assertion then say that the holder has left.
"""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.badges.models import Award, Credential
from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold


def _awards(person: Person) -> Iterator[Row]:
    for one in Award.objects.filter(person=person).issued().select_related("version").order_by("pk"):
        yield {
            "badge": one.version.name,
            "address": one.path,
            "name_on_it": one.name,
            "name_on_it_roman": one.name_roman,
            "issued_at": one.issued_at,
            "expires_at": one.expires_at,
            "revoked_at": one.revoked_at,
            "revoke_reason": one.revoke_reason,
            "is_public": one.is_public,
            "evidence": one.evidence,
        }


def _erase(person: Person) -> None:
    mine = Award.objects.filter(person=person)
    mine.owed().delete()
    Credential.objects.filter(award__in=mine).delete()
    mine.filter(erased_at=None).update(
        name="",
        name_roman="",
        salt="",
        identity="",
        revoke_reason="",
        evidence=[],
        is_public=False,
        erased_at=timezone.now(),
    )


hold(
    Holding(
        name="badges",
        label=pgettext_lazy("data held", "Your badges"),
        rows=_awards,
        erase=_erase,
        gone=_(
            "Your name, address and signed files are deleted, and public pages are closed. Download your badges first."
        ),
        kept=_(
            "The fact that a badge was issued, without your name: files you keep can still be verified by their "
            "signature."
        ),
    )
)
