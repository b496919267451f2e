"""Services about transfers beyond the one at once: between own accounts, scheduled, taken back, recalled; the limit."""

from typing import Any, ClassVar

from actions.conversation import Conversation
from actions.payee_field import PayeeField
from actions.replies import Button, yuan
from actions.service_fields import AccountField, AmountField, Field, Values, option
from actions.service_form import ServiceForm
from actions.session import ask
from actions.transfer_choice import CancellableField, WrongTransferField
from actions.transfer_own import FROM, TO, OwnAccountField, OwnAmountField, sides
from actions.transfer_when import WhenField
from actions.turn import Turn
from banking.model import Account, Limits
from banking.transfers import (
    CancelTransfer,
    ChangeTransferLimit,
    ReportWrongTransfer,
    ScheduleTransfer,
    TransferOwnAccounts,
)

LIMITS_FEN = (5_000_00, 20_000_00, 50_000_00, 100_000_00, 200_000_00)
"""Daily limits offered as buttons."""


class TransferOwnAccountsForm(ServiceForm):
    """本人账户互转: from one debit account to another."""

    capability = "transfer_services"
    intent = "transfer_own_accounts"
    fields: ClassVar[tuple[Field, ...]] = (
        OwnAccountField("from_account_id", FROM),
        OwnAccountField("to_account_id", TO),
        OwnAmountField(),
    )
    mends: ClassVar[dict[str, str]] = {"same_account": "to_account_id"}

    def order(self, values: Values) -> TransferOwnAccounts:
        return TransferOwnAccounts(values["from_account_id"], values["to_account_id"], values["amount_fen"])


class MainAccountField(AccountField):
    """The paying account: the one that was named, else the main one; the confirmation shows it."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        heard, pays = super().hear(turn, asked), None if turn.is_button else sides(turn).get(FROM)
        return {**(heard or {}), "tails": [pays]} if pays else heard

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        candidates: list[Account] = await self.candidates(talk, values)
        heard = said or {}
        named = [account.id for account in candidates if account.tail in (heard.get("tails") or ())]
        return (named or [account.id for account in candidates])[0] if candidates else None


class ScheduleTransferForm(ServiceForm):
    """预约转账: once on a day, or every week or month."""

    capability = "transfer_services"
    intent = "schedule_transfer"
    fields: ClassVar[tuple[Field, ...]] = (
        PayeeField(),
        AmountField(),
        WhenField(),
        MainAccountField(),
    )
    mends: ClassVar[dict[str, str]] = {
        "day_invalid": "when",
        "day_not_ahead": "when",
        "day_too_far": "when",
        "day_of_month": "when",
    }

    def order(self, values: Values) -> ScheduleTransfer:
        when = values["when"]
        account_id, amount_fen = values["account_id"], values["amount_fen"]
        return ScheduleTransfer(values["payee_id"], account_id, amount_fen, when["repeats"], when["first_on"])


class CancelTransferForm(ServiceForm):
    """撤销转账: a scheduled one, or one that waits for its review."""

    capability = "transfer_services"
    intent = "cancel_transfer"
    fields: ClassVar[tuple[Field, ...]] = (CancellableField(),)

    def order(self, values: Values) -> CancelTransfer:
        return CancelTransfer(values["transfer_id"])


class ReportWrongTransferForm(ServiceForm):
    """转错了: which one, and its return is asked for at once."""

    capability = "transfer_services"
    intent = "report_wrong_transfer"
    confirms = False
    fields: ClassVar[tuple[Field, ...]] = (WrongTransferField(),)

    def order(self, values: Values) -> ReportWrongTransfer:
        return ReportWrongTransfer(values["transfer_id"])


class DailyLimitField(AmountField):
    """The daily limit to come."""

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        limits: Limits = await ask("limits", talk.session)
        return [option(f"¥{yuan(fen)}", fen) for fen in LIMITS_FEN if fen != limits.daily_fen]

    async def wording(self, talk: Conversation, values: Values) -> dict[str, Any]:
        limits: Limits = await ask("limits", talk.session)
        return {"daily": yuan(limits.daily_fen), "used": yuan(limits.used_today_fen)}


class ChangeTransferLimitForm(ServiceForm):
    """调整转账限额: the daily limit, down or up."""

    capability = "transfer_services"
    intent = "change_transfer_limit"
    fields: ClassVar[tuple[Field, ...]] = (DailyLimitField("daily_fen"),)
    mends: ClassVar[dict[str, str]] = {"above_maximum": "daily_fen", "same_limit": "daily_fen"}

    def order(self, values: Values) -> ChangeTransferLimit:
        return ChangeTransferLimit(values["daily_fen"])
