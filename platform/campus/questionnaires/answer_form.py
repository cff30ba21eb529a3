"""A version's questions as one Django form: what was typed goes in, answers or errors come out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from campus.questionnaires.kinds import Answer, kind_of
from campus.questionnaires.kinds.attachment import ACCEPT
from campus.questionnaires.models import AnswerFile, Question, Section, Version

# Text as browsers send it, by field name: the form of ``Response.draft``.
Typed = Mapping[str, list[str]]


def field_name(question: Question, suffix: str) -> str:
    """Name of a question's field; the main one is called like the question."""
    return f"{question.key}-{suffix}" if suffix else question.key


@dataclass(frozen=True)
class Asked:
    """A question with its fields, as templates draw it."""

    question: Question
    form: "AnswerForm"

    @property
    def template(self) -> str:
        return kind_of(self.question).template

    @property
    def field(self) -> forms.BoundField:
        """The main field."""
        return self.form[self.question.key]

    @property
    def other(self) -> forms.BoundField | None:
        name = field_name(self.question, "other")
        return self.form[name] if name in self.form.fields else None

    @property
    def rows(self) -> list[forms.BoundField]:
        return [self.form[field_name(self.question, row["key"])] for row in self.question.rows]

    @property
    def errors(self) -> list[str]:
        """Every error of a matrix once."""
        return list(dict.fromkeys(str(error) for row in self.rows for error in row.errors))

    @property
    def columns(self) -> list[Any]:
        return list(self.question.choice_labels().values())

    @property
    def file(self) -> AnswerFile | None:
        """The file that was added, of a question for one."""
        return self.form.files_by_id.get(str(self.field.value() or ""))

    @property
    def accepts(self) -> str:
        """Endings of the files that a question for one takes, for the browser's chooser."""
        return ACCEPT

    @property
    def file_error(self) -> str:
        """Why the file just chosen was refused."""
        return self.form.file_errors.get(self.question.key, "")

    @property
    def condition(self) -> "Condition | None":
        return self.form.condition_of(self.question)


@dataclass(frozen=True)
class Condition:
    """A question is asked only where one of these choices of an earlier question was made."""

    question: Question
    choices: list[str]

    @property
    def choice_labels(self) -> list[str]:
        labels = self.question.choice_labels()
        return [str(labels[key]) for key in self.choices if key in labels]

    @property
    def keys(self) -> str:
        return " ".join(self.choices)


class AnswerForm(forms.Form):
    """The questions of a version. Shows what was typed; ``checks=True`` also says what is wrong with it."""

    use_required_attribute = False  # A question that isn't shown may not keep the browser from sending.

    def __init__(self, version: Version, *, typed: Typed, files: Mapping[str, AnswerFile], checks: bool) -> None:
        self.version = version
        self.typed = typed
        self.files_by_id = dict(files)
        self.answers: dict[str, Answer] = {}
        self.file_errors: dict[str, str] = {}
        self._by_key = {question.key: question for question in version.all_questions}
        super().__init__(data=_as_query(typed) if checks else None, auto_id="q-%s")
        for question in version.all_questions:
            self._add_fields(question)

    def _add_fields(self, question: Question) -> None:
        for suffix, field in kind_of(question).fields(question).items():
            name = field_name(question, suffix)
            values = self.typed.get(name, [])
            several = isinstance(field, forms.MultipleChoiceField)
            field.initial = values if several else values[-1] if values else None
            if self.is_bound and not self.is_asked(question):
                field.required = False
            self.fields[name] = field

    def condition_of(self, question: Question) -> Condition | None:
        """When the question is asked; None where always."""
        asked = self._by_key.get(question.shown_when_question)
        return Condition(asked, question.shown_when_choices) if asked else None

    def is_asked(self, question: Question) -> bool:
        """Whether what was typed so far leads to the question."""
        condition = self.condition_of(question)
        if condition is None:
            return True
        chosen = self.typed.get(condition.question.key, [])
        return self.is_asked(condition.question) and bool(set(chosen) & set(condition.choices))

    def clean(self) -> dict[str, Any]:
        """Make the answers of the questions that are asked and have no error."""
        for question in self.version.all_questions:
            if not self.is_asked(question):
                self._forget_errors(question)
            elif not self._has_errors(question):
                self._read(question)
        return self.cleaned_data

    def _read(self, question: Question) -> None:
        cleaned: dict[str, Any] = {suffix: self.cleaned_data.get(name) for suffix, name in self._names(question)}
        cleaned |= {"files": self._names_of_files(question)} if question.kind == "file" else {}
        try:
            answer = kind_of(question).read(question, cleaned)
        except ValidationError as error:
            for suffix, messages in error.message_dict.items():
                for message in messages:
                    self.add_error(field_name(question, suffix), message)
            return
        if answer is not None:
            self.answers[question.key] = answer

    def _names_of_files(self, question: Question) -> dict[str, str]:
        """Names of the person's files that were added to this question, by id."""
        return {key: file.name for key, file in self.files_by_id.items() if file.question_key == question.key}

    def _names(self, question: Question) -> Iterator[tuple[str, str]]:
        for suffix in kind_of(question).fields(question):
            yield suffix, field_name(question, suffix)

    def _has_errors(self, question: Question) -> bool:
        return any(name in self.errors for _, name in self._names(question))

    def _forget_errors(self, question: Question) -> None:
        for _, name in self._names(question):
            self.errors.pop(name, None)

    @property
    def score(self) -> int:
        """Points of the answers; of a valid form."""
        return sum(
            kind_of(question).points(question, self.answers.get(question.key))
            for question in self.version.all_questions
            if question.points
        )

    def parts(self) -> list[tuple[Section, list[Asked]]]:
        """The sections with their questions, for templates."""
        return [
            (section, [Asked(question, self) for question in section.questions.all()]) for section in self.version.parts
        ]

    def first_errors(self) -> list[tuple[str, str, str]]:
        """Id of the field, its label and the error, for the summary on top of the page."""
        texts = {name: str(errors[0]) for name, errors in self.errors.items()} | self.file_errors
        return [(self[name].auto_id, str(self[name].label), text) for name, text in texts.items()]


def typed_of(version: Version, data: QueryDict) -> dict[str, list[str]]:
    """What a browser sent for the version's fields, and nothing else."""
    names = {
        field_name(question, suffix)
        for question in version.all_questions
        for suffix in kind_of(question).fields(question)
    }
    # NUL is no text for PostgreSQL, and no key types it.
    return {name: [value.replace("\0", "") for value in data.getlist(name)] for name in sorted(names) if name in data}


def _as_query(typed: Typed) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, values in typed.items():
        query.setlist(name, values)
    return query
