"""Reads a hand-in: the fast way when it is clean, else cell by cell to forgive or to explain."""

from __future__ import annotations

from grader.csvfile.careful import read_carefully, split_line
from grader.csvfile.clean import read_clean
from grader.csvfile.decoding import clean_bytes
from grader.csvfile.header import read_header, read_masks_header
from grader.csvfile.predictions import Predictions, SubmissionRejected
from grader.ids import Ids
from grader.pack.handin import HandInRules
from grader.pack.model import Pack
from grader.problems import Problem


def read_predictions(data: bytes, *, pack: Pack | HandInRules, ids: Ids) -> Predictions:
    """The numbers of a hand-in, rows in the order of ``ids``. Raises SubmissionRejected with every problem found.

    Accepted: UTF-8 with or without BOM, CP932, any line ends, shuffled rows and columns, names or aliases, quotes,
    blank lines, and full-width digits (with a notice).
    """
    text = clean_bytes(data, limits=pack.limits)
    skipped = len(text) - len(text.lstrip(b"\n"))
    first, _, body = text[skipped:].partition(b"\n")
    form = pack.submission
    header = _header_cells(first.decode("utf-8"), line=skipped + 1)
    places, masks = read_header(header, form=form, ids=ids), read_masks_header(header, form=form)
    if places == sorted(places) and not masks:
        values = read_clean(body, columns=form.columns, ids=ids)
        if values is not None:
            return Predictions.of_numbers(values, form)
    lines = body.decode("utf-8").split("\n")
    return read_carefully(lines, first_line=skipped + 2, header=header, places=places, masks=masks, form=form, ids=ids)


def _header_cells(text: str, *, line: int) -> list[str]:
    cells = split_line(text)
    if cells is None:
        raise SubmissionRejected([Problem("quote_wrong", {"line": line})])
    return cells
