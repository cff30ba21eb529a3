"""Forms of announcements: what it says and whom it is for, when it is sent, and the filter of its recipients."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.announcements.actions import Text, may_mark_important
from campus.announcements.models import Announcement
from campus.cohorts.audiences import criteria
from campus.cohorts.models import Cohort, Enrolment, Role, StudyClass
from campus.cohorts.rules import is_organiser
from campus.notices.models import MailState
from campus.people.models import Person
from campus.ui.lists import Filter

CRITERION = "criterion_"


class AnnouncementForm(forms.ModelForm):
    """Text and audience. Who is no organiser writes to learners of the own classes only."""

    roles = forms.MultipleChoiceField(label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Announcement
        fields = ["title_ja", "body_ja", "title_en", "body_en", "roles", "classes", "by_mail", "is_important"]
        widgets = {
            "body_ja": forms.Textarea(attrs={"rows": 10}),
            "body_en": forms.Textarea(attrs={"rows": 10}),
            "classes": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "body_ja": _("Markdown: **bold**, lists with - and 1., links as [text](https://…), headings with ##."),
            "title_en": _(
                "If there is no English text, readers of English get the Japanese one with a note that says so."
            ),
            "classes": _("If you choose none, it goes to all classes and to people without a class."),
            "is_important": _("Also reaches people who have switched off emails about announcements."),
        }

    def __init__(self, *args: Any, cohort: Cohort, author: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        self.is_organiser = bool(is_organiser(author, cohort))
        self._limit_classes(author)
        if not self.is_organiser:
            del self.fields["roles"]
        elif not self.instance.pk:
            self.fields["roles"].initial = [Role.LEARNER]
        if not may_mark_important(author, cohort):
            del self.fields["is_important"]
        self._add_criteria()

    def _limit_classes(self, author: Person) -> None:
        classes: QuerySet[StudyClass] = self.cohort.classes.all()
        if not self.is_organiser:
            mine = Enrolment.objects.of(author).filter(cohort=self.cohort, role=Role.FACILITATOR)
            classes = classes.filter(facilitators__in=mine).distinct()
            self.fields["classes"].help_text = _("If you choose none, it goes to all the classes you look after.")
        self.fields["classes"].queryset = classes  # type: ignore[attr-defined]

    def _add_criteria(self) -> None:
        for criterion in criteria():
            name, known = f"{CRITERION}{criterion.key}", self.instance.criteria.get(criterion.key, "")
            choices = criterion.offered(self.cohort, self.data.get(name) or self.initial.get(name) or known)
            if choices:
                self.fields[name] = forms.ChoiceField(
                    label=str(criterion.label),
                    choices=[("", _("Doesn’t matter")), *choices],
                    initial=known,
                    required=False,
                )

    @property
    def text_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("title_ja", "body_ja", "title_en", "body_en")]

    @property
    def audience_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name in {"roles", "classes"} or name.startswith(CRITERION)]

    @property
    def way_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("by_mail", "is_important") if name in self.fields]

    def text(self) -> Text:
        """What was filled in, once it is valid."""
        data: Mapping[str, Any] = self.cleaned_data
        chosen = {name: value for name, value in data.items() if name.startswith(CRITERION) and value}
        return Text(
            title_ja=data["title_ja"],
            title_en=data["title_en"],
            body_ja=data["body_ja"],
            body_en=data["body_en"],
            roles=data.get("roles", [Role.LEARNER]),
            classes=list(data["classes"]),
            criteria={name.removeprefix(CRITERION): value for name, value in chosen.items()},
            by_mail=data["by_mail"],
            is_important=data.get("is_important", False),
        )


class ScheduleForm(forms.Form):
    """When to send it, in the reader's own time zone."""

    send_at = forms.DateTimeField(
        label=_("Send at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def clean_send_at(self) -> Any:
        moment = self.cleaned_data["send_at"]
        if moment <= timezone.now():
            raise forms.ValidationError(_("This time has passed. Choose a later one, or send it now."))
        return moment


class RecipientFilter(Filter):
    """Narrows the recipients by what became of their mail and whether they read it."""

    READ, UNREAD = "read", "unread"
    READINGS = [("", _("All")), (READ, pgettext_lazy("notice", "Read")), (UNREAD, _("Not read yet"))]

    name = forms.CharField(label=_("Name"))
    mail = forms.ChoiceField(
        label=pgettext_lazy("way", "Email"), choices=[("", _("All")), *MailState.choices, ("none", _("No email"))]
    )
    page = forms.ChoiceField(label=_("On the site"), choices=READINGS)

    def narrow(self, rows: Any) -> Any:
        data = self.cleaned_data
        if data["name"]:
            rows = rows.filter(person__name__icontains=data["name"])
        if data["mail"]:
            rows = rows.filter(mail_state="" if data["mail"] == "none" else data["mail"])
        if data["page"]:
            rows = rows.filter(read_at__isnull=data["page"] == self.UNREAD)
        return rows
