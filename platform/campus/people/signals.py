"""What follows when a password is set anew because it was forgotten, and when an institution's account is kept."""

from typing import Any

from allauth.account.signals import password_reset
from allauth.socialaccount.models import SocialAccount
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils import timezone

from campus.people.models import Person


@receiver(password_reset, dispatch_uid="people.password_reset")
def revoke_tokens(*, user: Person, **_kwargs: Any) -> None:
    """Whoever had the account may have made tokens; they would outlive the new password."""
    user.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())


@receiver(pre_save, sender=SocialAccount, dispatch_uid="people.keep_no_claims")
def keep_no_claims(*, instance: SocialAccount, **_kwargs: Any) -> None:
    """Institutions tell more than is needed to know somebody again: only their number there is kept."""
    instance.extra_data = {}
