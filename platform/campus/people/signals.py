"""What follows when a password is set anew because it was forgotten, or known to somebody else."""

from typing import Any

from allauth.account.signals import password_reset
from django.dispatch import receiver
from django.utils import timezone

from campus.people.models import Person


@receiver(password_reset, dispatch_uid="people.password_reset")
def revoke_tokens(*, user: Person, **_kwargs: Any) -> None:
    """Whoever had the account may have made tokens; they would outlive the new password."""
    user.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
