"""Completion in lists: a column of the matrix, completions in question, and what a trial would change."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from campus.cohorts.models import Cohort
from campus.progress.completion import Outlook, Standing
from campus.progress.queries import Line, Progress
from campus.progress.what_if import Change, Effect
from campus.ui.lists import Column, MemoryListing
from campus.ui.templatetags.ui import local_date

_ORDER = list(Outlook)


def outlook_chip(outlook: Outlook) -> str:
    """The outlook in a word, with its sign."""
    return format_html(
        '<span class="chip {}"><span aria-hidden="true">{}</span>{}</span>', outlook.tone, outlook.sign, outlook.label
    )


def completion_columns(
    found: Mapping[int, Standing], outlooks: Mapping[int, Outlook], lines: Sequence[Line]
) -> Iterable[Column]:
    """How each learner of the matrix stands with completion, and what is missing; ``lines``: those that are counted."""
    counts = Counter(outlooks[line.pk] for line in lines)
    yield Column(
        "completion",
        pgettext_lazy("matrix", "Completion"),
        lambda line: found[line.pk].outlook.label,
        cell=lambda line: _outlook_cell(found[line.pk]),
        sort=lambda line: (_ORDER.index(found[line.pk].outlook), len(found[line.pk].missing)),
        note=_("%(done)s of %(all)s completed") % {"done": f"{counts[Outlook.COMPLETED]:,}", "all": f"{len(lines):,}"},
    )
    yield Column(
        "completed_at",
        pgettext_lazy("matrix", "Completed on"),
        lambda line: found[line.pk].completed_at,
        on_page=False,
    )
    yield Column("missing", _("Missing for completion"), lambda line: len(found[line.pk].missing), on_page=False)


def _outlook_cell(standing: Standing) -> str:
    chip = outlook_chip(standing.outlook)
    if standing.is_complete:
        return chip
    count = len(standing.missing)
    words = ngettext("%(count)d thing missing", "%(count)d things missing", count) % {"count": count}
    return format_html("{}<br><small>{}</small>", chip, words)


def question_list(request: HttpRequest, progress: Progress, found: Sequence[Standing]) -> MemoryListing:
    """Recorded completions that today's rule and hand-ins do not bear out, with what is missing."""
    by_pk = {one.enrolment_id: one for one in found if one.is_in_question}
    rows = [line for line in progress.lines if line.pk in by_pk]
    columns = [
        _name(progress.cohort),
        Column("class", _("Class"), lambda line: line.class_name, is_short=True),
        Column(
            "completed_at",
            pgettext_lazy("matrix", "Completed on"),
            lambda line: by_pk[line.pk].completed_at,
            cell=lambda line: local_date(by_pk[line.pk].completed_at),
        ),
        Column(
            "missing",
            _("What is missing today"),
            lambda line: _sentences(by_pk[line.pk]),
            cell=lambda line: _in_brief(by_pk[line.pk]),
        ),
    ]
    return MemoryListing(request, rows, columns=columns, name="completion", order=[], selectable=True)


def change_list(request: HttpRequest, cohort: Cohort, effect: Effect) -> MemoryListing:
    """The learners for whom a trial changes something."""
    columns = [
        _name(cohort),
        Column(
            "class",
            _("Class"),
            lambda row: row.line.class_name,
            sort=lambda row: row.line.class_name or None,
            is_short=True,
        ),
        Column(
            "before",
            pgettext_lazy("what if", "Now"),
            lambda row: row.before.outlook.label,
            cell=lambda row: outlook_chip(row.before.outlook),
        ),
        Column(
            "after",
            pgettext_lazy("what if", "Then"),
            lambda row: row.after.outlook.label,
            cell=lambda row: outlook_chip(row.after.outlook),
            sort=lambda row: _ORDER.index(row.after.outlook),
        ),
        Column(
            "missing",
            _("What would still be missing"),
            lambda row: _sentences(row.after),
            cell=lambda row: _in_brief(row.after),
        ),
    ]
    return MemoryListing(request, effect.changed, columns=columns, name="what-if", order=[])


def _sentences(standing: Standing) -> str:
    return " ".join(one.words for one in standing.missing)


def _in_brief(standing: Standing) -> str:
    """For the page: the kind of what is missing and the step; the sentences stand on the learner's page."""
    parts = ((one.kind.tone, one.kind.label, one.step.title if one.step else "") for one in standing.missing)
    items = format_html_join("", '<li><span class="chip {}">{}</span> {}</li>', parts)
    return format_html('<ul class="reasons brief">{}</ul>', items) if items else ""


def _name(cohort: Cohort) -> Column:
    def cell(row: Line | Change) -> str:
        address = reverse("progress:learner", kwargs={"cohort": cohort.slug, "enrolment": row.pk})
        return format_html('<a href="{}">{}</a>', address, row)

    return Column("name", _("Name"), str, cell=cell)
