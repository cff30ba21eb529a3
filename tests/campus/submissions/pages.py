"""Addresses and texts of the pages of a graded step."""

import html
import re

from django.http import HttpResponse
from django.urls import reverse

from campus.cases.models import Step


def address(name: str, step: Step, *rest: object) -> str:
    """The page's path; ``rest``: the submission's id, where it is a submission's page."""
    return reverse(f"submissions:{name}", args=[step.cohort.slug, step.cohort_case.slug, step.key, *rest])


def text_of(answer: HttpResponse) -> str:
    """What a reader sees of the answer, without tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", answer.content.decode()))
