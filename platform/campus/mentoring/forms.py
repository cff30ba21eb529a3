"""Forms of mentors, owners and organisers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cases.models import Step
from campus.cohorts.models import Cohort, Enrolment, Role
from campus.deliverables.anchors import is_anchor, words_for
from campus.deliverables.content import Content
from campus.mentoring.actions import Remark
from campus.mentoring.models import LONGEST_COMMENT, LONGEST_PHRASE
from campus.reviews.rubrics import ReviewForm
from campus.teams.models import Team


class JudgeForm(ReviewForm):
    """A mentor's review: marks and advice; a comment for each criterion where there is something to say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in self.rubric:
            self.fields[f"comment-{criterion.key}"].required = False


def places_in(content: Content) -> list[str]:
    """Every place of the work to which a comment can point, in reading order."""
    places = [f"p-{n}" for n in range(1, len(content.paragraphs) + 1)]
    for shown in content.files:
        places += [anchor for anchor, _address, _page in shown.pages]
        if shown.rendering and shown.anchors:
            places += [f"{shown.anchors}{n}" for n in range(1, len(shown.rendering.cells) + 1)]
    return places


class CommentForm(forms.Form):
    """A comment at a place. As with an answer, only its own button asks for one."""

    anchor = forms.ChoiceField(label=pgettext_lazy("mentoring", "Place"), required=False)
    text = forms.CharField(
        label=pgettext_lazy("mentoring", "Comment"),
        max_length=LONGEST_COMMENT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, places: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = str(self.data.get("anchor", self.initial.get("anchor", "")))
        # What a worker has not drawn yet is no place of the page; a page that was open longer may name it.
        more = [chosen] if is_anchor(chosen) and chosen not in places else []
        choices = [(place, words_for(place)) for place in [*places, *more]]
        self.fields["anchor"].choices = [("", _("The whole work")), *choices]  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        if text := str(self.cleaned_data["text"]):
            return text
        self.fields["text"].widget.attrs["autofocus"] = True  # It lies far below the top of the page.
        raise ValidationError(_("Write your comment first."))


def remark_in(sent: QueryDict) -> Remark:
    """The comment as it stands in the page, right or wrong."""
    anchor = sent.get("anchor", "")
    return Remark(sent.get("text", "")[:LONGEST_COMMENT], anchor if is_anchor(anchor) else "")


class AnswerForm(forms.Form):
    """An answer to a comment. Only its own button asks for one, so neither browser nor label says that it has to be."""

    text = forms.CharField(
        label=pgettext_lazy("mentoring", "Reply"),
        max_length=LONGEST_COMMENT,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def clean_text(self) -> str:
        if text := str(self.cleaned_data["text"]):
            return text
        raise ValidationError(_("Write your reply first."))


class PhraseForm(forms.Form):
    """Words for the bank."""

    text = forms.CharField(
        label=pgettext_lazy("mentoring", "Phrase"), max_length=LONGEST_PHRASE, widget=forms.Textarea({"rows": 2})
    )


class LimitsForm(forms.Form):
    """How much comes before mentors, and how much each takes at once; ``mentors`` as ``mentors_of`` gives them."""

    def __init__(
        self,
        *args: Any,
        steps: Sequence[Step],
        percents: dict[int, int],
        mentors: QuerySet[Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.steps, self.mentors = steps, mentors
        for step in steps:
            self.fields[f"percent-{step.pk}"] = forms.IntegerField(
                label=_("%(step)s: share of individual works for mentors (in %%)") % {"step": step.title},
                min_value=0,
                max_value=100,
                initial=percents[step.pk],
            )
        for one in mentors:
            self.fields[f"most-{one.pk}"] = forms.IntegerField(
                label=_("%(name)s: reviews open at once") % {"name": one.person.name},
                min_value=1,
                max_value=50,
                initial=one.most,
            )

    @property
    def percents(self) -> dict[Step, int]:
        return {step: self.cleaned_data[f"percent-{step.pk}"] for step in self.steps}

    @property
    def loads(self) -> dict[Enrolment, int]:
        return {one: self.cleaned_data[f"most-{one.pk}"] for one in self.mentors}


class ConflictForm(forms.Form):
    """A mentor and whose work she must not see: a team, or a learner by address."""

    mentor = forms.ModelChoiceField(Enrolment.objects.none(), label=_("Mentor"), empty_label="—")
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label="—")
    email = forms.EmailField(label=_("or a learner’s email address"), required=False)

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mentors = Enrolment.objects.taking_part().filter(cohort=cohort, role=Role.MENTOR)
        self.cohort = cohort
        self.fields["mentor"].queryset = mentors.select_related("person")  # type: ignore[attr-defined]
        self.fields["mentor"].label_from_instance = lambda one: one.person.name  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.filter(cohort=cohort).order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        team, email = self.cleaned_data.get("team"), self.cleaned_data.get("email")
        if not self.errors and bool(team) == bool(email):
            raise ValidationError(_("Choose a team, or enter the email address of a learner."))
        if email:
            learners = Enrolment.objects.filter(cohort=self.cohort, role=Role.LEARNER)
            self.cleaned_data["enrolment"] = learners.filter(person__email__iexact=email).first()
            if self.cleaned_data["enrolment"] is None:
                self.add_error("email", _("No learner of this cohort has this address."))
        return cleaned
