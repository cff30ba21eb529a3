"""What a rescoring did, on the pages of other apps."""

from django import template

from campus.cases.models import Step
from campus.rescoring.models import Rescoring
from campus.rescoring.queries import switched_for
from campus.submissions.models import Owner

register = template.Library()


@register.inclusion_tag("rescoring/parts/switched.html")
def last_rescoring(step: Step, owner: Owner) -> dict[str, Rescoring | None]:
    """Say when and why the owner's scores or place were last changed; nothing where they never were."""
    return {"rescoring": switched_for(owner, step=step)}
