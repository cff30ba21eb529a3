"""Who opened whose notebook."""

from django.conf import settings
from django.db import models

from campus.people.models import Person


class VisitQuerySet(models.QuerySet["Visit"]):
    def to(self, owner: Person) -> "VisitQuerySet":
        """Visits to the person's notebook, the latest first."""
        return self.filter(owner=owner).select_related("visitor").order_by("-last_at", "-pk")


class Visit(models.Model):
    """Somebody who looks after a learner opened the learner's notebook. Its owner sees it; it is never changed but for
    the moment until which it went on."""

    visitor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notebook_visits")
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects = VisitQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "-last_at"])]

    def __str__(self) -> str:
        return f"visit {self.pk} of person {self.visitor_id} to {self.owner_id}"
