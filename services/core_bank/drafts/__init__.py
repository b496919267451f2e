"""Drafts: every operation that a customer agrees to before it is done. One file a kind; KINDS is the registration.

A new kind: an `order.Order` (or a `base.DraftKind`) in the folder of its capability, and its line below. Request
and response schemas, routes, codes, idempotency, audit and the state machine then serve it as they are.
"""

from services.core_bank.account.request_asset_certificate import RequestAssetCertificate
from services.core_bank.account.request_receipt import RequestReceipt
from services.core_bank.account.request_statement import RequestStatement
from services.core_bank.branch.appointments import BookAppointment, CancelAppointment, ChangeAppointment
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
from services.core_bank.deposit.open import OpenTimeDeposit
from services.core_bank.deposit.withdraw import WithdrawTimeDeposit
from services.core_bank.drafts.base import DraftKind
from services.core_bank.drafts.transfer import Transfer
from services.core_bank.drafts.unfreeze_card import UnfreezeCard
from services.core_bank.life.auto_debit import ManageAutoDebit
from services.core_bank.life.bills import PayBill
from services.core_bank.loan.apply import ApplyLoan
from services.core_bank.loan.negotiate import NegotiateOverdue
from services.core_bank.loan.prepay import PrepayLoan
from services.core_bank.payees.add import AddPayee
from services.core_bank.payees.remove import RemovePayee
from services.core_bank.profile.contact import ChangePhone, EditContact, SetSmsAlert, UnbindWechat, UpdateIdDocument
from services.core_bank.profile.data_rights import ExerciseDataRights
from services.core_bank.transfers.cancel import CancelTransfer
from services.core_bank.transfers.change_limit import ChangeTransferLimit
from services.core_bank.transfers.own import TransferOwnAccounts
from services.core_bank.transfers.recall import ReportWrongTransfer
from services.core_bank.transfers.schedule import ScheduleTransfer
from services.core_bank.wealth.assess import AssessRisk
from services.core_bank.wealth.buy import BuyWealth
from services.core_bank.wealth.redeem import RedeemWealth

_ALL: tuple[DraftKind, ...] = (
    Transfer(),
    UnfreezeCard(),
    RepayCreditCard(),
    *(PayBill(), ManageAutoDebit()),
    *(BookAppointment(), ChangeAppointment(), CancelAppointment()),
    *(ChangePhone(), EditContact(), SetSmsAlert(), UpdateIdDocument(), ExerciseDataRights(), UnbindWechat()),
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
    OpenTimeDeposit(),
    WithdrawTimeDeposit(),
    AssessRisk(),
    BuyWealth(),
    RedeemWealth(),
    ApplyLoan(),
    PrepayLoan(),
    NegotiateOverdue(),
    RequestStatement(),
    RequestReceipt(),
    RequestAssetCertificate(),
)

KINDS: dict[str, DraftKind] = {kind.name: kind for kind in _ALL}
