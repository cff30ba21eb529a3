"""Files that learners of the tests hand in, and handing them in."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.deliverables.actions import Work, hand_in
from campus.deliverables.files import check_and_store
from campus.deliverables.models import Deliverable
from campus.demo.slides import Slide, slides_as_pdf

AI_USE = "下書きに使い、数字は自分で確かめました。"
CSV = "日付,廃棄\n2026-04-01,12\n2026-04-02,8\n".encode("cp932")


def slides(*headings: str) -> bytes:
    """A PDF with a page for each heading."""
    return slides_as_pdf([Slide(heading, ["数字の根拠"]) for heading in headings or ("提案",)])


def notebook(*sources: str) -> bytes:
    """A notebook with a Markdown cell for each source."""
    cells = [{"cell_type": "markdown", "source": source} for source in sources or ("# 分析",)]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def handed_in(step: Step, enrolment: Enrolment, *, text: str = "課題は廃棄です。", **files: bytes) -> Deliverable:
    """A deliverable with these files: ``slides_pdf=…`` becomes slides.pdf."""
    stored = [check_and_store(upload(name.replace("_", "."), data)) for name, data in files.items()]
    deliverable = hand_in(step=step, enrolment=enrolment, work=Work(text=text, ai_use=AI_USE, files=stored))
    return Deliverable.objects.with_step().with_owner().with_content().get(pk=deliverable.pk)


def sent(**fields: Any) -> dict[str, Any]:
    """What the form sends."""
    return {"text": "課題は廃棄です。", "ai_use": AI_USE, "links": "", "do": "submit"} | fields
