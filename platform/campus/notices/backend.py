"""Django's own way of sending, for libraries (allauth): their mails go the same way as all others."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.translation import get_language

from campus.notices import postage
from campus.notices.models import Mail
from campus.notices.notices import READY


class OwedMail(BaseEmailBackend):
    """settings.EMAIL_BACKEND points here; the text is written already, in the language that is active now."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Owe each mail to each of its recipients; return how many messages there were."""
        with transaction.atomic():
            for message in email_messages:
                for address in message.recipients():
                    Mail.objects.create(
                        kind=READY.name,
                        address=address,
                        language=get_language() or "ja",
                        context={"subject": message.subject, "body": message.body},
                        is_urgent=READY.is_urgent,
                    )
            transaction.on_commit(postage.wake)
        return len(email_messages)
