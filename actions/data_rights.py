"""Rights over personal information: see, copy, delete, withdraw a consent."""

from typing import Any, ClassVar

from actions.conversation import Conversation
from actions.forms import FormOver
from actions.replies import Button, full_day
from actions.service_answers import ChoiceField
from actions.service_fields import Field, Values, option
from actions.service_form import ServiceForm
from actions.session import ask, gather
from actions.turn import Turn
from banking.profile import Consent, ExerciseDataRights, Profile

NOT_ASKED = ""
"""The value of a field that this kind of order does not have."""


class RightField(ChoiceField):
    """Which right. To see what there is is answered at once."""

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        if said != "see":
            return said
        profile, consents = await gather(ask("profile", talk.session), ask("consents", talk.session))
        _show(talk, profile, consents)
        raise FormOver

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        shown = ("see", "export", "delete", "withdraw")
        return [option(talk.say.phrase(f"phrase_{self._group}_{value}"), value) for value in shown]


class ConsentField(ChoiceField):
    """The consent to withdraw; nothing to know for the other rights. Value: its id."""

    def claims(self, turn: Turn) -> bool:
        """「征信查询的授权」 names a consent, and is no wish to see one's data."""
        return not turn.is_button and self.hear(turn, asked=False) is not None

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        return NOT_ASKED if values["asked_for"] != "withdraw" else said

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        given: tuple[Consent, ...] = await ask("consents", talk.session)
        return [option(consent.name, consent.id) for consent in given if not consent.required]


class ExerciseDataRightsForm(ServiceForm):
    """个人信息权利."""

    capability = "profile"
    intent = "exercise_data_rights"
    fields: ClassVar[tuple[Field, ...]] = (
        RightField("asked_for", "data_right", ("withdraw", "delete", "export", "see")),
        ConsentField("consent", "consent", ("insurance", "marketing", "recommendation", "credit_report", "service")),
    )
    mends: ClassVar[dict[str, str]] = {"consent_unknown": "consent", "consent_required": "consent"}

    def order(self, values: Values) -> ExerciseDataRights:
        return ExerciseDataRights(values["asked_for"], values["consent"] or None)


def _show(talk: Conversation, profile: Profile, consents: tuple[Consent, ...]) -> None:
    nothing = talk.say.phrase("phrase_profile_nothing")
    document = profile.document
    until = full_day(document.expires_on) if document.expires_on else talk.say.phrase("phrase_profile_for_life")
    rows = "\n".join(
        talk.say.phrase("phrase_profile_consent", name=consent.name, day=full_day(consent.given_on))
        for consent in consents
    )
    values = {"phone": profile.phone_masked, "address": profile.address_masked, "consents": rows}
    values |= {"email": profile.email_masked or nothing, "employer": profile.employer or nothing}
    talk.say.say("utter_profile_overview", document=f"{document.kind} {document.masked}", until=until, **values)
