"""The lists of this app: who is where (the matrix), and whom to follow up."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campus.cases.models import Step
from campus.cohorts.models import Cohort, EnrolmentState, StudyClass
from campus.progress.completion import Outlook, standings_in
from campus.progress.completion_lists import completion_columns
from campus.progress.concerns import Concern
from campus.progress.funnel import ClassRow
from campus.progress.queries import Line, Progress
from campus.progress.reasons import RULES
from campus.progress.states import Cell, StepState
from campus.ui.lists import Column, Filter, MemoryListing
from campus.ui.moments import date_in_words
from campus.ui.templatetags.ui import local_date, number

EVERY_STATE = "all"
NO_CLASS = "none"


class OfClasses(Filter):
    """What both lists narrow by: name and class."""

    name = forms.CharField(label=_("Name"), max_length=100)
    study_class = forms.ChoiceField(label=_("Class"))

    def __init__(self, *args: Any, classes: Iterable[StudyClass], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(one.pk), one.name) for one in classes]
        self._choices("study_class", [*names, (NO_CLASS, _("No class"))])

    def _choices(self, field: str, choices: Iterable[tuple[str, Any]], none: Any = None) -> None:
        self.fields[field].choices = [("", none or _("All")), *choices]  # type: ignore[attr-defined]

    def fits(self, line: Line) -> bool:
        """Whether the learner is among those of the name and class that the reader chose."""
        name, study_class = self.cleaned_data["name"], self.cleaned_data["study_class"]
        if name and not any(name.casefold() in written.casefold() for written in (line.name, line.reading)):
            return False
        return not study_class or study_class == str(line.class_id or NO_CLASS)


class MatrixFilter(OfClasses):
    """Of the matrix."""

    state = forms.ChoiceField(label=pgettext_lazy("enrolment", "State"))
    step = forms.ChoiceField(label=_("Step"))
    step_state = forms.ChoiceField(label=_("State of the step"))
    completion = forms.ChoiceField(label=pgettext_lazy("matrix", "Completion"))

    def __init__(self, *args: Any, steps: Sequence[Step], outlooks: Mapping[int, Outlook], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outlooks = outlooks
        self._choices("completion", Outlook.choices)
        states = [EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.WITHDRAWN, EnrolmentState.COMPLETED]
        self._choices(
            "state",
            [*((state.value, state.label) for state in states), (EVERY_STATE, _("All"))],
            none=_("Taking part (active, completed)"),
        )
        self._choices("step", [(str(i), step.title) for i, step in enumerate(steps, start=1)], none=_("Any"))
        self._choices("step_state", StepState.choices)

    def narrow(self, rows: list[Line]) -> list[Line]:
        return [
            line
            for line in rows
            if self.fits(line) and self._state(line) and self._step(line) and self._completion(line)
        ]

    def chosen(self, rows: list[Line]) -> list[Line]:
        """Also where the address can't be understood, only those who take part."""
        return super().chosen(rows) if self.is_valid() else [line for line in rows if line.state.takes_part]

    def _state(self, line: Line) -> bool:
        wanted = self.cleaned_data["state"]
        return line.state.takes_part if not wanted else wanted in {EVERY_STATE, line.state}

    def _completion(self, line: Line) -> bool:
        wanted = self.cleaned_data["completion"]
        return not wanted or self.outlooks[line.pk] == wanted

    def _step(self, line: Line) -> bool:
        """The chosen state in the chosen step, or in any."""
        step, state = self.cleaned_data["step"], self.cleaned_data["step_state"]
        if not state:
            return True
        cells = [line.cells[int(step) - 1]] if step else line.cells
        return any(cell.state == state for cell in cells)


def matrix(request: HttpRequest, progress: Progress, classes: Iterable[StudyClass]) -> MemoryListing:
    """All learners and all steps, with counts above the steps of those whom the filters leave."""
    standings = {one.enrolment_id: one for one in standings_in(progress)}
    outlooks = {pk: one.outlook for pk, one in standings.items()}
    filters = MatrixFilter(request.GET, classes=classes, steps=progress.steps, outlooks=outlooks)
    lines = filters.chosen(progress.lines)
    columns = [
        _name(progress.cohort),
        _class(),
        _enrolment_state(),
        *completion_columns(standings, outlooks, lines),
        *_steps(progress.steps, lines),
        *_moments(),
    ]
    return MemoryListing(request, progress.lines, columns=columns, name="progress", order=[], filters=filters)


def _name(cohort: Cohort) -> Column:
    """Sorted as it is read, where a learner has said how."""

    def cell(row: Line | Concern) -> str:
        address = reverse("progress:learner", kwargs={"cohort": cohort.slug, "enrolment": row.pk})
        return format_html('<a href="{}">{}</a>', address, row)

    return Column("name", _("Name"), str, cell=cell, sort=_reading)


def _reading(row: Line | Concern) -> str:
    return row.line.reading if isinstance(row, Concern) else row.reading


def _class() -> Column:
    return Column(
        "class", _("Class"), lambda line: line.class_name, sort=lambda line: line.class_name or None, is_short=True
    )


def _class_with(facilitators: Mapping[int, str]) -> Column:
    """The class of a concern, on the page with who looks after it."""

    def cell(row: Concern) -> str:
        who = facilitators.get(row.line.class_id or 0, "")
        return format_html("{}<br><small>{}</small>", row.line.class_name, who) if who else row.line.class_name

    return Column(
        "class",
        _("Class"),
        lambda row: row.line.class_name,
        cell=cell,
        sort=lambda row: row.line.class_name or None,
        is_short=True,
    )


def _enrolment_state() -> Column:
    return Column(
        "state",
        pgettext_lazy("enrolment", "State"),
        lambda line: line.state.label,
        sort=lambda line: line.state,
        is_short=True,
    )


def _steps(steps: Sequence[Step], lines: Sequence[Line]) -> Iterable[Column]:
    for i, step in enumerate(steps):
        yield _step_state(i, step, lines)
        yield Column(f"first{i}", _first_label(step), _first_at(i), on_page=False)


def _step_state(i: int, step: Step, lines: Sequence[Line]) -> Column:
    counts = Counter(line.cells[i].state for line in lines)
    done = counts[StepState.HANDED_IN] + counts[StepState.LATE]
    required = len(lines) - counts[StepState.NOT_REQUIRED]
    order = list(StepState)
    return Column(
        f"step{i + 1}",
        step.title,
        lambda line: line.cells[i].state.label,
        cell=lambda line: _state_cell(line.cells[i]),
        sort=lambda line: order.index(line.cells[i].state),
        note=_("%(done)s of %(required)s handed in") % {"done": f"{done:,}", "required": f"{required:,}"},
    )


def _first_label(step: Step) -> str:
    return str(_("%(step)s: first handed in") % {"step": step.title})


def _first_at(i: int) -> Callable[[Line], datetime | None]:
    def first_at(line: Line) -> datetime | None:
        hand_in = line.cells[i].hand_in
        return hand_in.first_at if hand_in else None

    return first_at


def state_chip(cell: Cell) -> str:
    """The state in a word, with its sign."""
    state = cell.state
    return format_html(
        '<span class="chip {}"><span aria-hidden="true">{}</span>{}</span>', state.tone, state.sign, state.label
    )


def _state_cell(cell: Cell) -> str:
    """The state, of an extension with its date."""
    chip = state_chip(cell)
    if cell.state != StepState.EXTENDED:
        return chip
    return format_html("{}<br><small>{}</small>", chip, date_in_words(cell.due_at))


def _moments() -> Iterable[Column]:
    yield Column(
        "seen",
        _("Last visit"),
        lambda line: line.seen_at,
        cell=lambda line: _day(line.seen_at),
        sort=lambda line: line.seen_at,
    )
    yield Column(
        "last_hand_in",
        _("Last hand-in"),
        lambda line: line.last_hand_in,
        cell=lambda line: _day(line.last_hand_in),
        sort=lambda line: line.last_hand_in,
    )


def _day(moment: datetime | None) -> str:
    return local_date(moment) if moment else ""


def class_list(request: HttpRequest, progress: Progress, classes: Sequence[ClassRow]) -> MemoryListing:
    """The classes side by side; each figure leads to its learners."""
    slug = progress.cohort.slug

    def linked(name: str, words: Callable[[ClassRow], Any]) -> Callable[[ClassRow], str]:
        address = reverse(f"progress:{name}", args=[slug])
        return lambda row: format_html(
            '<a href="{}?study_class={}">{}</a>', address, row.class_id or NO_CLASS, words(row)
        )

    columns = [
        Column(
            "class",
            _("Class"),
            lambda row: row.name,
            cell=linked("learners", lambda row: row.name or gettext("No class")),
            sort=lambda row: row.name or None,
        ),
        Column("learners", _("Learners"), lambda row: row.learners, sort=lambda row: row.learners, is_number=True),
        _percent("seen", _("Visited lately"), lambda row: row.seen_lately),
        *(
            _percent(f"step{i + 1}", step.title, partial(_share_at, i=i), note=_("handed in"))
            for i, step in enumerate(progress.steps)
        ),
        Column(
            "to_follow",
            _("To follow up"),
            lambda row: row.to_follow,
            cell=linked("follow_up", lambda row: row.to_follow),
            sort=lambda row: row.to_follow,
            is_number=True,
        ),
    ]
    return MemoryListing(request, classes, columns=columns, name=f"classes-{slug}", order=[])


def _share_at(row: ClassRow, *, i: int) -> float | None:
    return row.steps[i]


def _percent(key: str, label: Any, share: Callable[[ClassRow], float | None], *, note: Any = "") -> Column:
    """In the file as a number: of 43.2 % that is 43.2."""

    def value(row: ClassRow) -> float | None:
        found = share(row)
        return None if found is None else round(found, 1)

    def cell(row: ClassRow) -> str:
        found = share(row)
        return "" if found is None else f"{number(found)}%"

    return Column(key, label, value, cell=cell, sort=share, note=note, is_number=True)


class ConcernFilter(OfClasses):
    """Of the follow-up list."""

    reason = forms.ChoiceField(label=_("Reason"))
    shown = forms.ChoiceField(label=_("Shown"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("reason", [(rule.key, rule.label) for rule in RULES])
        self._choices("shown", [("quiet", _("Put off")), (EVERY_STATE, _("All"))], none=_("To follow up now"))

    def narrow(self, rows: list[Concern]) -> list[Concern]:
        return [row for row in rows if self.fits(row.line) and self._reason(row) and self._shown(row)]

    def chosen(self, rows: list[Concern]) -> list[Concern]:
        return super().chosen(rows) if self.is_valid() else [row for row in rows if not row.is_quiet]

    def _reason(self, row: Concern) -> bool:
        wanted = self.cleaned_data["reason"]
        return not wanted or any(reason.rule.key == wanted for reason in row.reasons)

    def _shown(self, row: Concern) -> bool:
        wanted = self.cleaned_data["shown"]
        return wanted == EVERY_STATE or row.is_quiet == (wanted == "quiet")


def follow_up_list(
    request: HttpRequest, cohort: Cohort, concerns: list[Concern], classes: Iterable[StudyClass]
) -> MemoryListing:
    """The learners to follow up, in the order of urgency, with the reasons in sentences."""
    filters = ConcernFilter(request.GET, classes=classes)
    facilitators = {one.pk: " / ".join(str(each.person) for each in one.facilitators.all()) for one in classes}
    columns = [
        _name(cohort),
        Column("reasons", _("Why"), _reasons_in_file, cell=_reasons_on_page),
        _class_with(facilitators),
        Column("facilitators", _("Facilitator"), lambda row: facilitators.get(row.line.class_id, ""), on_page=False),
        Column(
            "seen",
            _("Last visit"),
            lambda row: row.line.seen_at,
            cell=lambda row: _day(row.line.seen_at),
            sort=lambda row: row.line.seen_at,
        ),
        Column("latest", _("Last follow-up"), _latest, sort=lambda row: row.latest.done_on if row.latest else None),
    ]
    return MemoryListing(
        request, concerns, columns=columns, name="follow-up", order=[], filters=filters, selectable=True
    )


def _reasons_in_file(row: Concern) -> str:
    return " ".join(reason.sentence for reason in row.reasons)


def _reasons_on_page(row: Concern) -> str:
    parts = ((reason.rule.tone, reason.rule.label, reason.sentence) for reason in row.reasons)
    return format_html(
        '<ul class="reasons">{}</ul>', format_html_join("", '<li><span class="chip {}">{}</span> {}</li>', parts)
    )


def _latest(row: Concern) -> str:
    if row.latest is None:
        return ""
    done = f"{date_in_words(row.latest.done_on)} {row.latest.get_kind_display()}"
    if row.is_quiet and row.latest.quiet_until:
        return str(_("%(done)s (put off until %(day)s)") % {"done": done, "day": date_in_words(row.latest.quiet_until)})
    return done
