"""A TEXT step as its learner sees it: who hands in, what was handed in, what is prepared, and the form for it.

One object for a view to send requests to and for a page to show, like the sheet of a form (``questionnaires.sheets``).
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from campus.cases.models import Step, StepKind
from campus.cohorts.models import Enrolment
from campus.deliverables import actions
from campus.deliverables.deadlines import takes_hand_ins
from campus.deliverables.files import CheckedFile, check_and_store
from campus.deliverables.forms import PAGE, PAGE_KEY_LENGTH, REMOVE, SEEN, HandInForm, form_of
from campus.deliverables.models import Deliverable, DeliverableFile, Draft, DraftFile
from campus.deliverables.queries import draft_of, of_owner
from campus.deliverables.refusals import FileRefused, Incomplete, NoTeam, Refused
from campus.submissions.models import Owner, owner_in

Uploads = MultiValueDict[str, UploadedFile]


class Place:
    """Where a learner hands in a step. ``refusal``: why the last request wasn't granted; ``file_faults``: of files."""

    def __init__(self, step: Step, enrolment: Enrolment) -> None:
        self.step = step
        self.enrolment = enrolment
        self.refusal: Refused | None = None
        self.file_faults: list[str] = []
        self._sent_form: HandInForm | None = None

    @cached_property
    def owner(self) -> Owner | None:
        return owner_in(step=self.step, enrolment=self.enrolment)

    @property
    def no_team(self) -> str:
        """Why nobody can hand in here, where it takes a team."""
        return "" if self.owner else str(NoTeam())

    @cached_property
    def takes_hand_ins(self) -> bool:
        return self.owner is not None and takes_hand_ins(self.step, self.owner)

    @cached_property
    def is_late_now(self) -> bool:
        """Whether what is handed in now is late."""
        return timezone.now() >= self.closes_at

    @cached_property
    def versions(self) -> Sequence[Deliverable]:
        """What was handed in, the newest first."""
        return list(of_owner(self.step, self.enrolment).with_step().with_content())

    @property
    def current(self) -> Deliverable | None:
        return self.versions[0] if self.versions else None

    @cached_property
    def draft(self) -> Draft | None:
        return draft_of(self.step, self.enrolment) if self.takes_hand_ins else None

    @property
    def files(self) -> Sequence[DraftFile | DeliverableFile]:
        """What is handed in with the form: of the draft, else of the version that the next one begins with."""
        source = self.draft or self.current
        return list(source.files.all()) if source else []

    @property
    def is_beginning_anew(self) -> bool:
        """Whether something is handed in and the next version hasn't been begun."""
        return self.current is not None and self.draft is None and self._sent_form is None

    @property
    def closes_at(self) -> datetime:
        """The owner's own deadline."""
        return self.owner.deadline(self.step) if self.owner else self.step.closes_at

    @property
    def is_reviewed_blind(self) -> bool:
        """Whether the case has peers judge it by rubric, without names."""
        manifest = self.step.case_version.manifest
        has_review = any(step["kind"] == StepKind.REVIEW for step in manifest.get("steps", []))
        return has_review and any(self.step.key in criterion["steps"] for criterion in manifest.get("rubric", []))

    @property
    def seen(self) -> str:
        """What the page knows of the draft; of a refused page what it knew: it must not overwrite the rest."""
        if self.refusal and self._sent_form:
            return str(self._sent_form.data.get(SEEN, ""))
        return self.draft.stamp if self.draft else ""

    @property
    def form(self) -> HandInForm:
        return self._sent_form or form_of(self.draft, self.current)

    # --- What a page sends ---

    def save(self, post: QueryDict, files: Uploads) -> None:
        """Keep what was typed and the files; a refusal is shown, and what was typed stays in the page."""
        self._sent_form = HandInForm.as_sent(post)
        with self._shown_refusals():
            self._save(self._sent(post, files), _key_of(post))

    def submit(self, post: QueryDict, files: Uploads) -> Deliverable | None:
        """Hand in what was typed and the files; None where something is missing or refused."""
        self._sent_form = HandInForm.as_sent(post)
        with self._shown_refusals():
            sent, key = self._sent(post, files), _key_of(post)
            if self.file_faults:
                self._save(sent, key)
                return None
            try:
                return actions.submit(step=self.step, enrolment=self.enrolment, sent=sent, request_key=key)
            except FileRefused:
                self._save(sent, key)
        return None

    def _save(self, sent: actions.Sent, key: uuid.UUID) -> None:
        """Without the files where there are too many: what was typed is kept all the same."""
        try:
            actions.save(step=self.step, enrolment=self.enrolment, sent=sent, request_key=key)
        except FileRefused as error:
            self.file_faults.append(str(error))
            bare = replace(sent, files=())
            actions.save(step=self.step, enrolment=self.enrolment, sent=bare, request_key=key)

    def refuse(self, refusal: Refused, post: QueryDict | None = None) -> None:
        """Show that the request could not be taken in at all."""
        self._sent_form = HandInForm.as_sent(post) if post else None
        self.refusal = refusal

    @contextmanager
    def _shown_refusals(self) -> Iterator[None]:
        """What is refused stands beside its field, or above the form."""
        try:
            yield
        except Incomplete as error:
            self.form.show_faults(error.errors)
        except Refused as error:
            self.refusal = error
        for name in ("versions", "draft", "takes_hand_ins"):
            self.__dict__.pop(name, None)

    def _sent(self, post: QueryDict, files: Uploads) -> actions.Sent:
        page = None
        if key := post.get(PAGE, "")[:PAGE_KEY_LENGTH]:
            page = actions.OpenPage(key=key, seen=post.get(SEEN, ""))
        return actions.Sent(
            text=_typed(post, "text"),
            ai_use=_typed(post, "ai_use"),
            links=_typed(post, "links"),
            files=self._stored(files.getlist("uploads")),
            remove=[int(pk) for pk in post.getlist(REMOVE) if pk.isdecimal() and len(pk) < 18],
            page=page,
        )

    def _stored(self, uploads: Sequence[UploadedFile]) -> list[CheckedFile]:
        """Those that can be taken; why others can't is shown."""
        stored = []
        for upload in uploads:
            try:
                stored.append(check_and_store(upload))
            except FileRefused as error:
                self.file_faults.append(str(error))
        return stored

    @property
    def status(self) -> int:
        """Of an answer that shows the place."""
        if self.refusal:
            return self.refusal.status
        form = self._sent_form
        return 422 if self.file_faults or (form and form.errors) else 200


def _typed(post: QueryDict, name: str) -> str:
    return post.get(name, "").replace("\r\n", "\n").replace("\0", "")


def _key_of(post: QueryDict) -> uuid.UUID:
    with suppress(ValueError):
        return uuid.UUID(post.get("request_key", ""))
    return uuid.uuid4()
