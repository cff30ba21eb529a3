"""A certificate to print: one page A4 with the picture of the badge, and a code that leads to its public page."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import qrcode
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from campus.badges.keys import issuer_of_site
from campus.badges.models import Award
from campus.badges.pictures import fonts
from campus.badges.signing import picture_of

LANGUAGES = ("ja", "en")
FONT = "noto"
# A4 across, in millimetres; the width that text may take.
WIDTH, HEIGHT, TEXT = 297.0, 210.0, 225.0
INK, MUTED, LINE, GOLD = (26, 26, 28), (98, 98, 100), (0, 0, 96), (201, 154, 46)


@dataclass(frozen=True)
class Words:
    """What stands on it, in its language."""

    title: str
    name: str
    text: str
    badge: str
    issued: str
    issuer: str
    check: str
    link: str


def certificate_of(award: Award, *, language: str) -> bytes:
    """The PDF; its letters are embedded."""
    with translation.override(language), timezone.override(award.person.time_zone):
        words = _words(award, language)
    pdf = FPDF(orientation="landscape", unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_title(f"{words.title}: {words.badge}")
    pdf.set_lang(language)
    pdf.set_creator("Manabiai")
    pdf.add_font(FONT, "", fonts.regular())
    pdf.add_font(FONT, "B", fonts.bold())
    pdf.add_page()
    _frame(pdf)
    _body(pdf, words)
    pdf.image(BytesIO(picture_of(award.version)), x=28, y=138, w=44, alt_text=words.badge)
    _code(pdf, words)
    return bytes(pdf.output())


def _words(award: Award, language: str) -> Words:
    version, cohort, issuer = award.version, award.achievement.cohort, issuer_of_site()
    is_japanese = language == "ja"
    title = _("Certificate of Completion") if award.achievement.is_by_completion else _("Certificate")
    named = {"cohort": cohort.title, "programme": cohort.programme.title, "badge": version.name}
    if is_japanese:  # A space is no place to break a line at.
        named = {name: text.replace(" ", "\N{NO-BREAK SPACE}") for name, text in named.items()}
    text = (
        _("has completed “%(cohort)s” of the %(programme)s and met the criteria of the badge named below.")
        if award.achievement.is_by_completion
        else _("has met the criteria of the badge named below in “%(cohort)s” of the %(programme)s.")
    )
    return Words(
        title=title,
        name=pgettext("certificate", "%(name)s")
        % {"name": award.name if is_japanese else award.name_roman or award.name},
        text=text % named,
        badge=version.text("name", language),
        issued=_issued(award),
        issuer=issuer.name_ja if is_japanese else issuer.name_en,
        check=_("Scan the code to check whether this badge is in force."),
        link=f"{issuer.base_url}{award.path}",
    )


def _issued(award: Award) -> str:
    if award.issued_at is None:
        raise ValueError(f"{award} has not been issued")
    day = _day(award.issued_at)
    if award.expires_at is None:
        return _("Issued on %(day)s") % {"day": day}
    until = _day(award.expires_at)
    return _("Issued on %(day)s, valid until %(until)s") % {"day": day, "until": until}


def _day(moment: datetime) -> str:
    """Without the day of the week, as certificates have it."""
    return date_format(timezone.localtime(moment), "j F Y" if get_language() == "en" else "Y年n月j日")


def _frame(pdf: FPDF) -> None:
    pdf.set_draw_color(*LINE)
    pdf.set_line_width(1.6)
    pdf.rect(10, 10, WIDTH - 20, HEIGHT - 20)
    pdf.set_draw_color(*GOLD)
    pdf.set_line_width(0.5)
    pdf.rect(13.5, 13.5, WIDTH - 27, HEIGHT - 27)


def _body(pdf: FPDF, words: Words) -> None:
    _line(pdf, words.title, y=28, size=34, bold=True, colour=LINE)
    _line(pdf, words.name, y=58, size=30, bold=True)
    pdf.set_draw_color(*GOLD)
    pdf.line(WIDTH / 2 - 60, 77, WIDTH / 2 + 60, 77)
    pdf.set_font(FONT, "", 15)
    pdf.set_text_color(*INK)
    pdf.set_xy((WIDTH - TEXT) / 2, 84)
    pdf.multi_cell(TEXT, 9, words.text, align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    _line(pdf, words.badge, y=111, size=20, bold=True, colour=LINE)
    _line(pdf, words.issued, y=150, size=13)
    _line(pdf, words.issuer, y=162, size=18, bold=True)


def _line(
    pdf: FPDF, text: str, *, y: float, size: float, bold: bool = False, colour: tuple[int, int, int] = INK
) -> None:
    """One line in the middle, in smaller letters where it would be too wide."""
    width = TEXT if y < 130 else 130.0
    pdf.set_text_color(*colour)
    pdf.set_font(FONT, "B" if bold else "", size)
    if (wide := pdf.get_string_width(text)) > width:
        pdf.set_font_size(size * width / wide)
    pdf.set_xy((WIDTH - width) / 2, y)
    pdf.cell(width, size * 0.5, text, align=Align.C)


def _code(pdf: FPDF, words: Words) -> None:
    """The link as squares to be read by a telephone, and in letters."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(words.link)
    rows = code.get_matrix()
    side, left, top = 30.0, WIDTH - 28 - 37, 140.0
    pixel = side / len(rows)
    pdf.set_fill_color(*INK)
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            if is_dark:
                pdf.rect(left + x * pixel, top + y * pixel, pixel + 0.02, pixel + 0.02, style="F")
    pdf.set_text_color(*MUTED)
    pdf.set_font(FONT, "", 7.5)
    pdf.set_xy(left + side / 2 - 27, top + side + 2)
    pdf.multi_cell(54, 3.6, words.check, align=Align.C)
    pdf.link(left, top, side, side, words.link)
    pdf.set_font(FONT, "", 7.5)
    pdf.set_xy(20, HEIGHT - 21.5)
    pdf.cell(WIDTH - 40, 4, words.link, align=Align.C, link=words.link)
