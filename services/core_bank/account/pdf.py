"""How the bank's documents look: A4, a title, facts, a table over as many pages as it takes, a stamp in the foot.

STSong-Light is one of the fonts that the PDF standard's viewers bring themselves (Adobe's Asian fonts): nothing is
downloaded, installed or embedded, and a statement stays small. The Noto CJK fonts of Debian would have to be installed
by root, and their outlines (CFF) are of a kind that reportlab does not embed.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

Facts = Sequence[tuple[str, str]]
"""Labels and values."""

BANK = "掌柜银行"
_FONT = "STSong-Light"
_MARGIN = 18 * mm
_FOOT = 34 * mm
_STAMP_RED = colors.Color(0.75, 0.1, 0.1)
_GRID = TableStyle(
    [
        ("FONT", (0, 0), (-1, -1), _FONT, 8.5),
        ("BACKGROUND", (0, 0), (-1, 0), colors.Color(0.93, 0.93, 0.93)),
        ("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.grey),
        ("ALIGN", (-3, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
)
_FACTS = TableStyle([("FONT", (0, 0), (-1, -1), _FONT, 10), ("VALIGN", (0, 0), (-1, -1), "TOP")])

pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
_TITLE = ParagraphStyle("title", fontName=_FONT, fontSize=17, leading=24, alignment=1)
_TEXT = ParagraphStyle("text", fontName=_FONT, fontSize=11, leading=20, wordWrap="CJK", firstLineIndent=22)
_CELL = ParagraphStyle("cell", fontName=_FONT, fontSize=8.5, leading=11, wordWrap="CJK")


@dataclass(frozen=True)
class Page:
    """What a document says. `rows` begins with the heading; its last three columns are figures."""

    title: str
    facts: Facts
    verification_no: str
    rows: Sequence[Sequence[str]] = ()
    widths_mm: Sequence[float] = ()
    paragraphs: Sequence[str] = ()
    totals: Facts = ()


def render(page: Page) -> bytes:
    """The PDF."""
    story: list[Any] = [Paragraph(page.title, _TITLE), Spacer(1, 5 * mm), _facts(page.facts), Spacer(1, 5 * mm)]
    story += [Paragraph(escape(text), _TEXT) for text in page.paragraphs]
    if page.rows:
        story += [_table(page), Spacer(1, 5 * mm)]
    if page.totals:
        story.append(_facts(page.totals))
    target = io.BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_FOOT,
        title=page.title,
        author=BANK,
    )
    document.build(story, canvasmaker=_footed(page.verification_no))
    return target.getvalue()


def _facts(lines: Facts) -> Table:
    return Table([[f"{label}：", value] for label, value in lines], (40 * mm, 134 * mm), style=_FACTS, hAlign="LEFT")


def _table(page: Page) -> LongTable:
    heading, *rows = page.rows
    text_columns = len(heading) - 3
    cells = [[*(Paragraph(escape(text), _CELL) for text in row[:text_columns]), *row[text_columns:]] for row in rows]
    widths = [width * mm for width in page.widths_mm]
    return LongTable([list(heading), *cells], widths, style=_GRID, repeatRows=1, hAlign="LEFT")


def _footed(verification_no: str) -> type[Canvas]:
    """A canvas that draws the foot of every page when the number of pages is known."""

    class Footed(Canvas):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                _draw_foot(self, verification_no, f"第 {number} 页，共 {len(self._pages)} 页")
                super().showPage()
            super().save()

    return Footed


def _draw_foot(canvas: Canvas, verification_no: str, numbering: str) -> None:
    width, _ = A4
    canvas.setFont(_FONT, 8.5)
    canvas.drawString(_MARGIN, 20 * mm, f"验证号：{verification_no}")
    canvas.drawString(_MARGIN, 15 * mm, "凭验证号可在本行任一网点或客服热线核对真伪，涂改无效。")
    canvas.drawRightString(width - _MARGIN, 10 * mm, numbering)
    canvas.setStrokeColor(_STAMP_RED)
    canvas.setFillColor(_STAMP_RED)
    canvas.ellipse(width - _MARGIN - 46 * mm, 13 * mm, width - _MARGIN, 31 * mm)
    canvas.setFont(_FONT, 11)
    canvas.drawCentredString(width - _MARGIN - 23 * mm, 23 * mm, BANK)
    canvas.setFont(_FONT, 8.5)
    canvas.drawCentredString(width - _MARGIN - 23 * mm, 17.5 * mm, "电子业务专用章")
    canvas.setFillColor(colors.black)
