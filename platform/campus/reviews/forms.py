"""What authors and staff write about reviews."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.reviews.models import Rating, ReviewRound

LONGEST = 2_000


def rating_of(value: str) -> Rating | None:
    """The rating that a page sent; None for anything else."""
    return next((rating for rating in Rating if str(rating.value) == value), None)


def _text(label: Any, *, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows}), **more)


class AnswerForm(forms.Form):
    text = _text(
        pgettext_lazy("review", "Your answer"),
        help_text=_("You can answer each review once. The reviewer won’t see your name."),
    )


class AppealForm(forms.Form):
    reason = _text(
        _("What should be looked at again, and why"),
        help_text=_("Name the review (A, B, C) and the criterion. The organiser or a mentor reads it."),
        min_length=10,
        error_messages={"min_length": _("Write at least a short sentence so they know what to look at.")},
    )


class DecisionForm(forms.Form):
    """The answer to an appeal, and which reviews count no more."""

    set_aside = forms.MultipleChoiceField(
        label=_("Reviews that no longer count"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Select none if all reviews stand."),
    )
    answer = _text(
        _("Answer to the author"),
        rows=4,
        min_length=10,
        error_messages={"min_length": _("Write at least a short sentence so the author understands.")},
    )

    def __init__(self, *args: Any, reviews: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["set_aside"].choices = [(str(pk), label) for pk, label in reviews]  # type: ignore[attr-defined]


class ExcuseForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class NumbersForm(forms.ModelForm):
    """The numbers of a round; valid ones give an effect, which is looked at before they are saved."""

    class Meta:
        model = ReviewRound
        fields = ("reviews_each", "idle_hours", "due_hours", "favours")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = {"reviews_each": (1, 10), "idle_hours": (12, 336), "due_hours": (24, 672), "favours": (0, 5)}
        for name, (least, most) in limits.items():
            field = self.fields[name]
            field.min_value, field.max_value = least, most  # type: ignore[attr-defined]
            field.validators += [MinValueValidator(least), MaxValueValidator(most)]
            field.widget.attrs |= {"min": least, "max": most}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        idle, due = cleaned.get("idle_hours"), cleaned.get("due_hours")
        if idle and due and due < idle:
            self.add_error(
                "due_hours", _("Enter at least as many hours as it takes until a review goes to somebody else.")
            )
        return cleaned
