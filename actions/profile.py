"""The customer's profile: phone, contact data, identity document, alerts, WeChat."""

import re
from typing import Any, ClassVar

from actions.conversation import Conversation
from actions.drafts import give_up
from actions.forms import FormOver
from actions.replies import Button
from actions.service_answers import ChoiceField, SwitchField
from actions.service_fields import OPTION, AmountField, Field, Values, option
from actions.service_form import ServiceForm
from actions.session import ask
from actions.turn import UNSURE_INTENTS, Turn
from banking.profile import ChangePhone, EditContact, Profile, SetSmsAlert, UnbindWechat, UpdateIdDocument

OTHER = "other"
EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9.-]+[A-Za-z0-9]")
NEW_VALUE = re.compile(r"(?:改成|改为|换成|变更为|更新为|改到|搬到|应该是|现在是|新的是)[:：,，]?\s*(.+)")
ADDRESS = re.compile(r"[省市区县镇乡村路街弄].*(?:\d|号|室|栋|幢|楼|单元)|[市区县镇].+[路街道村]")
WORKPLACE = re.compile(r"(?:公司|厂|学校|大学|中学|小学|医院|集团|中心|局|所|院|部|社|店|银行|个体户|退休)$")
LARGE_ONLY = re.compile(r"大额|大笔|小钱|小额")
FROM_AMOUNT = re.compile(r"以上|超过|满|低于|以下|才|起")
OFFERED_FEN = (100_00, 500_00, 1_000_00)


class ChangePhoneForm(ServiceForm):
    """改预留手机号: nothing to know here, the new number is typed on a page."""

    capability = "profile"
    intent = "change_phone"
    fields: ClassVar[tuple[Field, ...]] = ()

    def order(self, values: Values) -> ChangePhone:
        return ChangePhone()


class UpdateIdDocumentForm(ServiceForm):
    """身份证更新: told how, and reminded."""

    capability = "profile"
    intent = "update_id_document"
    fields: ClassVar[tuple[Field, ...]] = ()

    def order(self, values: Values) -> UpdateIdDocument:
        return UpdateIdDocument()


class ContactItemField(ChoiceField):
    """What is changed; some things are not changed here."""

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if said == OTHER:
            talk.say.say("utter_profile_contact_elsewhere")
            return None
        return said

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [button for button in await super().buttons(talk, values) if OTHER not in button["payload"]]


class ContactValueField(Field):
    """The new address, e-mail or employer: after 改成, or the answer to the question. Value: text."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        if turn.is_button:
            return None
        email = EMAIL.search(turn.text)
        if email:
            return email.group()
        named = NEW_VALUE.search(turn.text)
        value = (named.group(1) if named else turn.text).strip(" 。.!！,，吧了")
        likely = bool(ADDRESS.search(value) or WORKPLACE.search(value))
        plain_answer = asked and turn.intent in (*UNSURE_INTENTS, "inform", "edit_contact", "correct_value")
        return value if (likely and (named or asked)) or (plain_answer and named is None) else None

    def claims(self, turn: Turn) -> bool:
        return self.hear(turn, asked=True) is not None

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        return said

    async def wording(self, talk: Conversation, values: Values) -> dict[str, Any]:
        profile: Profile = await ask("profile", talk.session)
        now = {"address": profile.address_masked, "email": profile.email_masked, "employer": profile.employer}
        item = values["item"]
        known = now[item] or talk.say.phrase("phrase_profile_nothing")
        return {"name": talk.say.phrase(f"phrase_contact_item_{item}"), "known": known}


class EditContactForm(ServiceForm):
    """改地址、邮箱、单位."""

    capability = "profile"
    intent = "edit_contact"
    fields: ClassVar[tuple[Field, ...]] = (
        ContactItemField("item", "contact_item", ("email", "address", "employer", OTHER)),
        ContactValueField("value"),
    )
    mends: ClassVar[dict[str, str]] = {"contact_invalid": "value"}

    def order(self, values: Values) -> EditContact:
        return EditContact(values["item"], values["value"])


class AlertSwitchField(SwitchField):
    """On or off; 低于一百的别发 means on, from there."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        from_an_amount = FROM_AMOUNT.search(turn.text) and (turn.values("amount-of-money") or turn.values("number"))
        if not turn.is_button and (from_an_amount or LARGE_ONLY.search(turn.text)):
            return "on"
        return super().hear(turn, asked)


class AlertAmountField(AmountField):
    """From which amount on; every change unless something else was said. Value: 分, 0 for every change."""

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION) if asked else None
        if chosen is not None:
            return {"fen": int(chosen)}
        for entity in turn.entities:
            info = entity.get("additional_info") or {}
            minor = (info.get("from") or info.get("to") or info).get("minor")
            if entity.get("entity") == "amount-of-money" and isinstance(minor, int):
                return {"fen": minor}
        number = turn.whole_number() if asked or FROM_AMOUNT.search(turn.text) else None
        if number is not None:
            return {"fen": number * 100}
        return {"large": True} if LARGE_ONLY.search(turn.text) else None

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if not values["on"] or not said:
            return 0
        return said.get("fen")

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        return [option(talk.say.phrase("phrase_profile_from", amount=fen // 100), fen) for fen in OFFERED_FEN]


class SetSmsAlertForm(ServiceForm):
    """动账短信提醒."""

    capability = "profile"
    intent = "set_sms_alert"
    fields: ClassVar[tuple[Field, ...]] = (AlertSwitchField("on", "alert_switch"), AlertAmountField("from_fen"))
    mends: ClassVar[dict[str, str]] = {"alert_amount": "from_fen"}

    def order(self, values: Values) -> SetSmsAlert:
        return SetSmsAlert(values["on"], values["from_fen"])


class WechatSwitchField(SwitchField):
    """Off is an order. On is done in WeChat, where the channel knows whose WeChat it is: told how, and that is all."""

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if said == "on":
            await give_up(talk, "service")
            talk.say.say("utter_bind_wechat_how")
            raise FormOver
        return await super().settle(talk, said, values)


class BindWechatForm(ServiceForm):
    """绑定、解绑微信."""

    capability = "profile"
    intent = "bind_wechat"
    fields: ClassVar[tuple[Field, ...]] = (WechatSwitchField("on", "wechat_switch"),)

    def order(self, values: Values) -> UnbindWechat:
        return UnbindWechat()
