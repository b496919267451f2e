"""Drafts: every operation that a customer agrees to before it is done. One file a kind; KINDS is the registration.

A new kind: an `order.Order` (or a `base.DraftKind`) in the folder of its capability, and its line below. Request
and response schemas, routes, codes, idempotency, audit and the state machine then serve it as they are.
"""

from services.core_bank.account.request_asset_certificate import RequestAssetCertificate
from services.core_bank.account.request_receipt import RequestReceipt
from services.core_bank.account.request_statement import RequestStatement
from services.core_bank.card.activate import ActivateCard
from services.core_bank.card.pin import ChangePin, ResetPin
from services.core_bank.card.replace import ReplaceCard
from services.core_bank.card.usage import SetOverseasUse
from services.core_bank.care import orders as care_orders
from services.core_bank.credit_card.applications import ApplyCreditCard
from services.core_bank.credit_card.autopay import SetAutopay
from services.core_bank.credit_card.bill_day import ChangeBillDate
from services.core_bank.credit_card.closing import CancelCreditCard
from services.core_bank.credit_card.instalments import ConvertInstalment
from services.core_bank.credit_card.points import RedeemPoints
from services.core_bank.credit_card.raise_limit import RaiseCreditLimit
from services.core_bank.credit_card.repay import RepayCreditCard
from services.core_bank.drafts.base import DraftKind
from services.core_bank.drafts.transfer import Transfer
from services.core_bank.drafts.unfreeze_card import UnfreezeCard
from services.core_bank.payees.add import AddPayee
from services.core_bank.payees.remove import RemovePayee
from services.core_bank.transfers.cancel import CancelTransfer
from services.core_bank.transfers.change_limit import ChangeTransferLimit
from services.core_bank.transfers.own import TransferOwnAccounts
from services.core_bank.transfers.recall import ReportWrongTransfer
from services.core_bank.transfers.schedule import ScheduleTransfer

_ALL: tuple[DraftKind, ...] = (
    Transfer(),
    UnfreezeCard(),
    RepayCreditCard(),
    RaiseCreditLimit(),
    ConvertInstalment(),
    ChangeBillDate(),
    SetAutopay(),
    RedeemPoints(),
    ApplyCreditCard(),
    CancelCreditCard(),
    TransferOwnAccounts(),
    ScheduleTransfer(),
    CancelTransfer(),
    ReportWrongTransfer(),
    ChangeTransferLimit(),
    AddPayee(),
    RemovePayee(),
    ReplaceCard(),
    ActivateCard(),
    SetOverseasUse(),
    ChangePin(),
    ResetPin(),
    *care_orders.ORDERS,
    RequestStatement(),
    RequestReceipt(),
    RequestAssetCertificate(),
)

KINDS: dict[str, DraftKind] = {kind.name: kind for kind in _ALL}
