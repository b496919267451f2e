"""Orders that end in a document: it is issued, and the receipt says where to fetch it and until when."""

from datetime import datetime

from sqlalchemy.engine import Connection, Row

from services.core_bank.account import documents, pdf
from services.core_bank.clock import BANK_ZONE
from services.core_bank.drafts.base import Receipt
from services.core_bank.identifiers import new_receipt_number


def new_verification_no(now: datetime) -> str:
    return new_receipt_number("YZ", now)


def deliver(conn: Connection, draft: Row, page: pdf.Page, now: datetime) -> Receipt:
    """Render and issue a page for the customer of a draft."""
    document = documents.Document(page.title, pdf.render(page))
    link = documents.issue(conn, draft.world_id, draft.customer_id, page.verification_no, document, now)
    lines = [
        ("文件", f"{page.title}（PDF）"),
        ("验证号", page.verification_no),
        ("下载链接", link),
        ("链接有效期", f"到{spoken_moment(now + documents.LIFETIME)}，只能下载一次"),
    ]
    return Receipt(new_receipt_number("ZG", now), now, lines)


def spoken_moment(moment: datetime) -> str:
    """2026年11月22日 09:05"""
    local = moment.astimezone(BANK_ZONE)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
