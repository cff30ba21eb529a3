"""The learner's answer, and the organiser's draft."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.forms import BaseFormSet, BoundField, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campus.cohorts.models import EnrolmentState
from campus.consents.models import ConsentItem, ConsentVersion, Kind
from campus.ui.lists import Filter

MOST_ITEMS = 12


class AnswerForm(forms.Form):
    """A checkbox for each item of a version; ``version`` tells which text was on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, asked: ConsentVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", asked.pk)
        self.asked = asked
        for item in asked.items.all():
            self.fields[item.key] = forms.BooleanField(
                label=_("I agree: %(title)s") % {"title": item.title},
                required=item.is_required,
                error_messages={"required": _("To take part you need to agree to this.")},
            )

    def boxes(self) -> list[tuple[ConsentItem, BoundField]]:
        """Each item with its checkbox."""
        return [(item, self[item.key]) for item in self.asked.items.all()]

    @property
    def agreed(self) -> list[str]:
        return [item.key for item in self.asked.items.all() if self.cleaned_data.get(item.key)]


class DraftForm(forms.ModelForm):
    class Meta:
        model = ConsentVersion
        fields = ("intro_ja", "intro_en")
        widgets = {"intro_ja": forms.Textarea({"rows": 3}), "intro_en": forms.Textarea({"rows": 3})}


class ItemForm(forms.ModelForm):
    """One item of a draft, which may still have gaps: publishing says which."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    class Meta:
        model = ConsentItem
        fields = ("kind", "title_ja", "title_en", "text_ja", "text_en", "is_required")
        widgets = {"text_ja": forms.Textarea({"rows": 5}), "text_en": forms.Textarea({"rows": 5})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title_ja", "text_ja"):
            self.fields[name].required = False

    def item(self) -> ConsentItem:
        """The item as typed, not saved."""
        return ConsentItem(**{name: self.cleaned_data[name] for name in ("key", *self.Meta.fields)})


def items_of(formset: "BaseFormSet[ItemForm]") -> list[ConsentItem]:
    """The items as typed, without those to be removed and without an untouched form for a new one."""
    kept = [form for form in formset.forms if form.is_valid() and not form.cleaned_data.get("DELETE")]
    return [form.item() for form in kept if form.has_changed() or form.initial.get("key")]


class BaseItemFormSet(BaseFormSet):
    def add_fields(self, form: ItemForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = pgettext_lazy("consent item", "Remove this item")

    def clean(self) -> None:
        kinds = [item.kind for item in items_of(self) if item.kind != Kind.OTHER]
        if len(kinds) != len(set(kinds)):
            raise forms.ValidationError(
                _("There can be only one item of each kind. Choose “Something else” for others.")
            )


ItemFormSet = formset_factory(
    ItemForm, formset=BaseItemFormSet, extra=1, max_num=MOST_ITEMS, absolute_max=MOST_ITEMS, can_delete=True
)
ITEM_FIELDS = ("key", *ItemForm.Meta.fields)


class AnswerFilter(Filter):
    """Narrows the list of who has agreed."""

    name = forms.CharField(label=pgettext_lazy("consents", "Name or email address"))
    answer = forms.ChoiceField(
        label=pgettext_lazy("consents", "Current version"),
        choices=[
            ("", pgettext_lazy("consents", "All")),
            ("yes", pgettext_lazy("consents", "Answered")),
            ("no", pgettext_lazy("consents", "Not answered")),
        ],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State of the enrolment"),
        choices=[("", pgettext_lazy("consents", "All")), *EnrolmentState.choices],
    )

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if name := self.cleaned_data["name"].strip():
            rows = rows.filter(Q(person__name__icontains=name) | Q(person__email__icontains=name))
        if answer := self.cleaned_data["answer"]:
            rows = rows.filter(has_answered=answer == "yes")
        if state := self.cleaned_data["state"]:
            rows = rows.filter(state=state)
        return rows
