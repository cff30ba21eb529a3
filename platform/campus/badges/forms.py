"""The forms of badges: what one stands for and looks like, why it is revoked, who sees it, what is to be verified."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.badges.actions import Picture, drawn, uploaded
from campus.badges.candidates import is_signable
from campus.badges.credentials.reading import MOST_TEXT, Unreadable, parse
from campus.badges.models import AchievementVersion, Award, Evidence, Rule
from campus.badges.pictures import Colour, Design, NotAPicture, Shape, Symbol, written_anew
from campus.badges.pictures.drawing import LONGEST_LINE
from campus.badges.skills.queries import alignments_of, chosen_in, skill_choices
from campus.ui.files import DiskFull
from campus.ui.lists import Filter

TEXTS = ("name_ja", "name_en", "description_ja", "description_en", "criteria_ja", "criteria_en", "valid_months")
LONGEST_VALIDITY = 120


class AchievementForm(forms.ModelForm):
    """Texts, rule and picture of an achievement; ``texts`` and ``picture`` are what its actions take."""

    rule = forms.ChoiceField(label=_("Who earns it"), choices=Rule.choices, widget=forms.RadioSelect)
    skills = forms.MultipleChoiceField(
        label=_("Skills it shows"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The badge names them with their framework and version."),
    )
    shape = forms.ChoiceField(label=pgettext_lazy("badge picture", "Shape"), choices=Shape.choices)
    colour = forms.ChoiceField(label=pgettext_lazy("badge picture", "Colour"), choices=Colour.choices)
    symbol = forms.ChoiceField(label=pgettext_lazy("badge picture", "Symbol"), choices=Symbol.choices)
    text = forms.CharField(
        label=_("Words on the picture"),
        max_length=LONGEST_LINE,
        required=False,
        help_text=_("Up to 24 characters, in one or two lines."),
    )
    small = forms.CharField(label=_("Small words below"), max_length=LONGEST_LINE, required=False)
    upload = forms.FileField(
        label=_("Or your own picture"),
        required=False,
        help_text=_(
            "PNG, JPEG or WebP up to 5 MB, ideally a square of at least 600 pixels. It replaces the design above."
        ),
    )
    keeps_upload = forms.BooleanField(label=_("Keep the uploaded picture"), required=False)

    class Meta:
        model = AchievementVersion
        fields = [*TEXTS]
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in ("description_ja", "description_en", "criteria_ja", "criteria_en")
        }

    def __init__(self, *args: Any, rule: str = Rule.COMPLETION, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].initial = rule
        if choices := skill_choices():
            self.fields["skills"].choices = choices  # type: ignore[attr-defined]
            self.fields["skills"].initial = chosen_in(self.instance.alignments)
        else:
            del self.fields["skills"]
        for name, value in (self.instance.design or Design().kept()).items():
            self.fields[name].initial = value
        if not self.has_upload:
            del self.fields["keeps_upload"]
        else:
            self.fields["keeps_upload"].initial = True

    @property
    def has_upload(self) -> bool:
        """Whether the picture so far was uploaded."""
        return bool(self.instance.pk) and not self.instance.design

    @property
    def sample_query(self) -> str:
        """What draws the picture as it is chosen now."""
        names = ("shape", "colour", "symbol", "text", "small")
        return urlencode({name: self[name].value() or "" for name in names})

    @property
    def picture_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("shape", "colour", "symbol", "text", "small")]

    @property
    def text_fields(self) -> list[forms.BoundField]:
        names = ("rule", *TEXTS, *(["skills"] if "skills" in self.fields else []))
        return [self[name] for name in names]

    def clean_valid_months(self) -> int | None:
        months: int | None = self.cleaned_data["valid_months"]
        if months is not None and not 1 <= months <= LONGEST_VALIDITY:
            raise forms.ValidationError(_("Enter between 1 and 120 months, or leave it empty."))
        return months

    def clean_upload(self) -> bytes | None:
        """The picture, written anew."""
        file = self.cleaned_data["upload"]
        if not file:
            return None
        try:
            return written_anew(file.read())
        except NotAPicture as problem:
            raise forms.ValidationError(str(problem)) from problem

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in TEXTS:
            text = cleaned.get(name)
            if isinstance(text, str) and not is_signable(text.replace("\r\n", " ").replace("\n", " ")):
                self.add_error(name, _("Please remove invisible characters."))
        needs_words = not cleaned.get("upload") and not cleaned.get("keeps_upload")
        if needs_words and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", _("Enter a word or two for the picture."))
        if not self.errors:
            self._make_picture(cleaned)
        return cleaned

    def _make_picture(self, cleaned: dict[str, Any]) -> None:
        try:
            self.picture = self._picture(cleaned)
        except DiskFull:
            self.add_error(None, _("The picture can’t be stored at the moment. Please try again later."))

    def _picture(self, cleaned: dict[str, Any]) -> Picture:
        if cleaned.get("upload"):
            return uploaded(cleaned["upload"])
        if cleaned.get("keeps_upload"):
            return Picture(self.instance.picture.name, {})
        return drawn(design_in(cleaned))

    @property
    def texts(self) -> dict[str, Any]:
        """What the version says, with its skills as they are called now."""
        said = {name: self.cleaned_data[name] for name in TEXTS}
        kept = self.instance.alignments if "skills" not in self.fields else alignments_of(self.cleaned_data["skills"])
        return said | {"alignments": kept}


def design_in(chosen: dict[str, Any]) -> Design:
    """The design that was chosen in the form, or stands in an address. Raises ValueError."""
    words = {name: str(chosen.get(name, ""))[:LONGEST_LINE] for name in ("text", "small")}
    return Design.read(chosen | words)


class RevokeForm(forms.Form):
    """Why; the holder reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The holder will see this. Anyone who checks the badge sees only that it was revoked, and when."),
        error_messages={"required": _("Enter a reason. The holder will see it.")},
    )


class ShareForm(forms.ModelForm):
    """Who sees a badge, and what stands beside it."""

    is_public = forms.TypedChoiceField(
        label=_("Who sees this badge"),
        choices=[("", _("Only me and the organisers")), ("1", _("Anyone with the link"))],
        coerce=bool,
        required=False,
        empty_value=False,  # type: ignore[arg-type]  # coerced as the others are
        widget=forms.RadioSelect,
    )
    evidence = forms.MultipleChoiceField(
        label=_("What to show with it (optional)"),
        choices=Evidence.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what you tick is shown. Scores and texts are never shown."),
    )

    class Meta:
        model = Award
        fields = ["is_public", "evidence"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["is_public"] = "1" if self.instance.is_public else ""


class VerifyForm(forms.Form):
    """One of three: link, text, file; and, if one likes, whose it should be."""

    link = forms.CharField(label=_("Link to the badge"), max_length=500, required=False)
    file = forms.FileField(
        label=_("Badge file"),
        required=False,
        help_text=_("The PNG, SVG, JSON or JWT file that the holder gave you."),
    )
    text = forms.CharField(
        label=_("Badge text"),
        max_length=MOST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("JSON, or a signed token (JWT)."),
    )
    email = forms.EmailField(
        label=_("Holder’s email address (optional)"),
        required=False,
        help_text=_("To check whether the badge was issued to this address. The badge itself doesn’t show an address."),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in ("link", "file", "text")):
            raise forms.ValidationError(_("Enter a link, choose a file, or paste the text of a badge."))
        return cleaned


class IssuerFilesForm(forms.Form):
    """What another issuer publishes, brought along by who asks: nothing is fetched. ``brought`` has it by its ids."""

    keys = forms.FileField(
        label=_("Issuer’s keys (did.json)"),
        required=False,
        help_text=_("First send the badge alone: the result shows the address where you find them."),
    )
    revoked = forms.FileField(
        label=_("The issuer’s list of revoked badges, if there is one"),
        required=False,
        help_text=_("A JSON file. Its address is shown in the result once you have added the keys."),
    )

    def clean_keys(self) -> dict[str, Any] | None:
        return self._document("keys")

    def clean_revoked(self) -> dict[str, Any] | None:
        return self._document("revoked")

    def _document(self, name: str) -> dict[str, Any] | None:
        file = self.cleaned_data[name]
        if not file:
            return None
        try:
            document = parse(file.read(MOST_TEXT).decode())
        except (Unreadable, UnicodeDecodeError) as problem:
            raise forms.ValidationError(
                _("This isn’t an issuer’s JSON file. Save it again from its address.")
            ) from problem
        return document

    @property
    def brought(self) -> dict[str, dict[str, Any]]:
        documents = [self.cleaned_data[name] for name in ("keys", "revoked")]
        return {str(one.get("id")): one for one in documents if one}


class AwardFilter(Filter):
    """Of the list of those who hold a badge."""

    name = forms.CharField(label=_("Name"), max_length=100)
    state = forms.ChoiceField(
        label=pgettext_lazy("award", "State"),
        choices=[
            ("", pgettext_lazy("filter", "All")),
            ("in_force", pgettext_lazy("award", "In force")),
            ("revoked", pgettext_lazy("award", "Revoked")),
        ],
    )

    def narrow(self, rows: Any) -> Any:
        for word in self.cleaned_data["name"].split():
            rows = rows.filter(person__name__icontains=word)
        if self.cleaned_data["state"]:
            rows = rows.filter(revoked_at__isnull=self.cleaned_data["state"] == "in_force")
        return rows


class CandidateFilter(Filter):
    """Of the preview: those who get the badge, or those who don't."""

    gets = forms.ChoiceField(
        label=_("Show"),
        choices=[("", _("Everybody")), ("yes", _("Who gets the badge")), ("no", _("People who won’t get it"))],
    )

    def narrow(self, rows: Any) -> Any:
        wanted = self.cleaned_data["gets"]
        return [one for one in rows if not wanted or one.gets == (wanted == "yes")]
