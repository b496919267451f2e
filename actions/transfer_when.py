"""The day of a scheduled transfer, or how it repeats."""

from datetime import date, datetime, timedelta
from typing import Any

from actions.conversation import Conversation
from actions.replies import BANK_ZONE, Button, full_day
from actions.service_answers import DAY_OF_MONTH
from actions.service_fields import OPTION, Field, Values, option
from actions.turn import Turn

PERIODS = {"P1W": "weekly", "P1M": "monthly"}
DAY_GRAINS = frozenset({"day", "hour", "minute", "second"})
LAST_DAY_OF_MONTH = 28


class WhenField(Field):
    """明天, 12月1号, 每月15号, 每周一. Value: {"repeats": once | weekly | monthly, "first_on": ISO day}."""

    def __init__(self, name: str = "when") -> None:
        super().__init__(name)

    def hear(self, turn: Turn, asked: bool) -> Any | None:
        chosen = turn.reference(OPTION) if asked else None
        if chosen is not None:
            return {"on": chosen}
        heard = {**_said_day(turn), **_said_period(turn)}
        return heard or None

    def piece(self, turn: Turn) -> str:
        return turn.said("time", "set")

    async def settle(self, talk: Conversation, said: Any | None, values: Values) -> Any | None:
        heard = dict(said or {})
        choices: dict[str, Any] = talk.memory["service_choices"] or {}
        if choices.get("field") == self.name and "repeats" not in heard:
            heard["repeats"] = choices["repeats"]
        for problem in ("period", "vague"):
            if problem in heard:
                talk.say.say(f"utter_schedule_transfer_{problem}_unknown", said=heard[problem])
                return None
        return self._first(talk, heard)

    def _first(self, talk: Conversation, heard: dict[str, Any]) -> Any | None:
        """The first day of it; what is missing is kept, so that the next answer completes it."""
        today, repeats = datetime.now(BANK_ZONE).date(), heard.get("repeats", "once")
        on = date.fromisoformat(heard["on"]) if heard.get("on") else None
        if repeats == "monthly":
            day = heard.get("day") or (on.day if on else None)
            if day is not None and day > LAST_DAY_OF_MONTH:
                talk.say.say("utter_service_day_unknown", first=1, last=LAST_DAY_OF_MONTH)
                day = None
            first = (on if on and on > today else next_day_of_month(day, today)) if day else None
        elif repeats == "weekly":
            weekday = heard.get("weekday") or (on.isoweekday() if on else None)
            first = next_weekday(weekday, today) if weekday else None
        else:
            first = next_day_of_month(heard["day"], today) if on and on <= today and heard.get("day") else on
        missing = first is None and repeats != "once"
        talk.memory.set(service_choices={"field": self.name, "repeats": repeats} if missing else None)
        return {"repeats": repeats, "first_on": first.isoformat()} if first else None

    async def buttons(self, talk: Conversation, values: Values) -> list[Button]:
        if talk.memory["service_choices"]:
            return []
        tomorrow = datetime.now(BANK_ZONE).date() + timedelta(days=1)
        return [option(talk.say.phrase("phrase_schedule_tomorrow", day=full_day(tomorrow)), tomorrow.isoformat())]

    async def wording(self, talk: Conversation, values: Values) -> dict[str, Any]:
        repeats = (talk.memory["service_choices"] or {}).get("repeats", "once")
        return {"question": talk.say.phrase(f"phrase_schedule_ask_{repeats}")}


def next_day_of_month(day: int, today: date) -> date:
    """The first such day after today; months too short for it are passed over."""
    found = today + timedelta(days=1)
    while found.day != day:
        found += timedelta(days=1)
    return found


def next_weekday(weekday: int, today: date) -> date:
    """The first such day (Monday is 1) after today."""
    return today + timedelta(days=(weekday - today.isoweekday() - 1) % 7 + 1)


def _said_period(turn: Turn) -> dict[str, Any]:
    for entity in turn.entities:
        info = entity.get("additional_info") or {}
        if entity.get("entity") == "set":
            repeats = PERIODS.get(str(info.get("period")))
            if repeats is None:
                return {"period": turn.said("set")}
            named = {key: info[key] for key in ("day", "weekday") if key in info}
            return {"repeats": repeats, **named}
    return {}


def _said_day(turn: Turn) -> dict[str, Any]:
    for entity in turn.entities:
        info = entity.get("additional_info") or {}
        if entity.get("entity") != "time":
            continue
        said = turn.text[entity["start"] : entity["end"]]
        if info.get("type") != "value" or info.get("grain") not in DAY_GRAINS:
            return {"vague": said}
        bare = DAY_OF_MONTH.fullmatch(said)
        on = {"on": datetime.fromisoformat(str(info["value"])).date().isoformat()}
        return {**on, "day": int(bare.group(1))} if bare else on
    return {}
