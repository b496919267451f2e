"""How much was spent and came in: totals, the largest categories, beside the period before."""

from datetime import date, timedelta

from actions.account import choose
from actions.conversation import Conversation
from actions.finding import MOST, called, days_ago, named_in, today
from actions.forms import BankAction
from actions.replies import Button, full_day, yuan
from actions.session import ask
from actions.transactions import listing
from actions.words import named
from banking.account import CategoryTotal, Spending, SpendingQuery
from banking.model import Account, TransactionPage, TransactionQuery

TOP = 5
LOOKED_BACK = 90


class ActionSummarizeSpending(BankAction):
    """Of this month when no time was said; of one category, shop or person when one was."""

    capability = "account"

    def name(self) -> str:
        return "action_summarize_spending"

    async def serve(self, talk: Conversation) -> None:
        since, until = _days(talk)
        if since > today():
            talk.say.say("utter_account_future_transactions")
            return
        category, other_side = await _topic(talk)
        query = SpendingQuery(since, until, await _account_id(talk), other_side)
        found: Spending = await ask("spending", talk.session, query)
        buttons = listing(talk, TransactionQuery(query.account_id, since, until, counterparty=other_side))
        values = {"start": full_day(since), "end": full_day(until - timedelta(days=1))}
        if other_side is None and category:
            _say_category(talk, found, category, values, buttons)
        else:
            _say_all(talk, found, values | {"whom": other_side or ""}, buttons)


async def _topic(talk: Conversation) -> tuple[str | None, str | None]:
    """The category and the other side; those of the question before when this message only adds a time to it.

    Raises BankError.
    """
    category = named("spendings", talk.turn.text) or named("incomes", talk.turn.text)
    other_side = await _other_side(talk, category)
    before = talk.memory["account_topic"]
    if talk.turn.intent == "inform" and not (category or other_side) and isinstance(before, dict):
        category, other_side = before["category"], before["other_side"]
    talk.memory.set(account_topic={"category": category, "other_side": other_side})
    return category, other_side


def _days(talk: Conversation) -> tuple[date, date]:
    """[since, until): what was said, cut off after today; else this month."""
    period = talk.turn.period()
    months = talk.turn.months()
    tomorrow = today() + timedelta(days=1)
    if period is None or (period.start is None and period.end is None):
        return (days_ago(30 * months), tomorrow) if months else (today().replace(day=1), tomorrow)
    end = min(period.end or tomorrow, tomorrow)
    start = period.start or end - timedelta(days=LOOKED_BACK)
    return start, max(end, start + timedelta(days=1))


async def _account_id(talk: Conversation) -> str | None:
    """The account that was named. Raises BankError."""
    accounts: tuple[Account, ...] = await ask("accounts", talk.session)
    chosen, unknown = choose(accounts, talk.turn)
    return chosen[0].id if len(chosen) == 1 and len(accounts) > 1 and not unknown else None


async def _other_side(talk: Conversation, category: str | None) -> str | None:
    """The person, or the shop when no category was said. Raises BankError."""
    if talk.turn.persons():
        return await called(talk, talk.turn.persons()[0])
    if category:
        return None
    query = TransactionQuery(from_date=days_ago(LOOKED_BACK), limit=MOST)
    page: TransactionPage = await ask("transactions", talk.session, query)
    found = named_in(talk.turn.text, (item.counterparty or "" for item in page.transactions))
    return found[0] if len(found) == 1 else None


def _say_all(talk: Conversation, found: Spending, values: dict[str, str], buttons: list[Button]) -> None:
    if not found.count:
        talk.say.say("utter_account_spending_none", **values)
        return
    spent = [one for one in found.categories if not one.incoming and one.amount_fen]
    rows = [_row(talk, one, found.out_fen) for one in spent[:TOP]]
    if len(spent) > TOP:
        rest = sum(one.amount_fen for one in spent[TOP:])
        rows.append(talk.say.phrase("phrase_account_spending_rest", amount=yuan(rest), count=len(spent) - TOP))
    talk.say.say(
        "utter_account_spending_with" if values["whom"] else "utter_account_spending",
        buttons,
        expense=yuan(found.out_fen),
        income=yuan(found.in_fen),
        left=yuan(found.in_fen - found.out_fen),
        rows="".join(rows),
        comparison=_comparison(talk, found, found.out_fen, found.before_out_fen),
        **values,
    )


def _say_category(
    talk: Conversation, found: Spending, category: str, values: dict[str, str], buttons: list[Button]
) -> None:
    one = next((one for one in found.categories if one.category == category), None)
    if one is None:
        name = talk.say.phrase(f"phrase_account_category_{category}")
        talk.say.say("utter_account_spending_none_of", buttons, name=name, **values)
        return
    talk.say.say(
        "utter_account_spending_income" if one.incoming else "utter_account_spending_category",
        buttons,
        name=one.name,
        amount=yuan(one.amount_fen),
        count=one.count,
        comparison=_comparison(talk, found, one.amount_fen, one.before_fen),
        **values,
    )


def _row(talk: Conversation, one: CategoryTotal, total_fen: int) -> str:
    share = round(100 * one.amount_fen / total_fen)
    return talk.say.phrase(
        "phrase_account_spending_row", name=one.name, amount=yuan(one.amount_fen), count=one.count, share=share
    )


def _comparison(talk: Conversation, found: Spending, now_fen: int, before_fen: int) -> str:
    more = now_fen - before_fen
    name = "first" if not before_fen else "more" if more > 0 else "less" if more < 0 else "same"
    return talk.say.phrase(
        f"phrase_account_spending_{name}",
        start=full_day(found.before_since),
        end=full_day(found.before_until - timedelta(days=1)),
        before=yuan(before_fen),
        difference=yuan(abs(more)),
    )
