"""Drafts: every operation that a customer agrees to before it is done. One file a kind; KINDS is the registration.

A new kind: an `order.Order` (or a `base.DraftKind`) in the folder of its capability, and its line below. Request
and response schemas, routes, codes, idempotency, audit and the state machine then serve it as they are.
"""

from services.core_bank.account.request_asset_certificate import RequestAssetCertificate
from services.core_bank.account.request_receipt import RequestReceipt
from services.core_bank.account.request_statement import RequestStatement
from services.core_bank.credit_card.repay import RepayCreditCard
from services.core_bank.drafts.base import DraftKind
from services.core_bank.drafts.transfer import Transfer
from services.core_bank.drafts.unfreeze_card import UnfreezeCard

_ALL: tuple[DraftKind, ...] = (
    Transfer(),
    UnfreezeCard(),
    RepayCreditCard(),
    RequestStatement(),
    RequestReceipt(),
    RequestAssetCertificate(),
)

KINDS: dict[str, DraftKind] = {kind.name: kind for kind in _ALL}
