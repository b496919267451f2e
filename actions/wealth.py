"""Wealth products and holdings: what is offered to whom, and what the customer has."""

from collections.abc import Sequence

from actions.conversation import Conversation
from actions.forms import BankAction
from actions.panels import Item, Listing, money
from actions.replies import Button, full_day, yuan
from actions.session import ask, gather
from banking.wealth import Holding, RiskResult, WealthProduct
from chinese.rates_text import percent


class ActionBrowseWealth(BankAction):
    """The list by risk. Recommended is only what suits the risk questionnaire of a customer, never above it."""

    capability = "wealth"

    def name(self) -> str:
        return "action_browse_wealth"

    async def serve(self, talk: Conversation) -> None:
        session = talk.visitor_session
        products: tuple[WealthProduct, ...] = await ask("wealth_products", session)
        if session is None:
            talk.say.say("utter_wealth_products", (), _panel(talk, products), rows=_rows(talk, products))
            return
        result: RiskResult | None = (await ask("risk_profile", session)).result
        if result is None or not result.valid:
            talk.say.say("utter_wealth_products_unassessed", (), _panel(talk, products), rows=_rows(talk, products))
            return
        suitable = [product for product in products if product.risk <= result.level]
        buttons = [_buy(talk, product) for product in suitable]
        values = {"rows": _rows(talk, suitable), "level": result.level, "name": result.name}
        talk.say.say("utter_wealth_recommended", buttons, _panel(talk, suitable), **values)


def _rows(talk: Conversation, products: Sequence[WealthProduct]) -> str:
    return "".join(
        talk.say.phrase(
            "phrase_wealth_product",
            risk=product.risk,
            name=product.name,
            term=product.term,
            least=yuan(product.least_fen),
            low=percent(product.benchmark_low),
            high=percent(product.benchmark_high),
        )
        for product in products
    )


def _panel(talk: Conversation, products: Sequence[WealthProduct]) -> Listing:
    return Listing(talk.say.phrase("phrase_wealth_title"), [_item(talk, product) for product in products])


def _item(talk: Conversation, product: WealthProduct) -> Item:
    """A benchmark never stands without its name: it is no promise."""
    low, high = percent(product.benchmark_low), percent(product.benchmark_high)
    return Item(
        product.name,
        talk.say.phrase("phrase_wealth_item", risk=product.risk, term=product.term, least=yuan(product.least_fen)),
        talk.say.phrase("phrase_wealth_item_range", low=low, high=high),
        talk.say.phrase("phrase_wealth_item_benchmark"),
    )


def _buy(talk: Conversation, product: WealthProduct) -> Button:
    title = talk.say.phrase("phrase_wealth_buy", name=product.name)
    return {"title": title, "payload": f'/buy_wealth{{"service_option": "{product.code}"}}'}


class ActionCheckHoldings(BankAction):
    """What is held, at today's value, with the profit or loss since it was bought."""

    capability = "wealth"

    def name(self) -> str:
        return "action_check_holdings"

    async def serve(self, talk: Conversation) -> None:
        customer, holdings = await gather(ask("customer", talk.session), ask("holdings", talk.session))
        if not holdings:
            talk.say.say("utter_wealth_no_holdings")
            return
        value, profit = (sum(getattr(holding, name) for holding in holdings) for name in ("value_fen", "profit_fen"))
        rows = "".join(_holding_row(talk, holding) for holding in holdings)
        title = talk.say.phrase("phrase_wealth_holdings_title")
        panel = Listing(title, [_holding_item(talk, holding) for holding in holdings])
        values = {"value": yuan(value), "profit": _profit(talk, profit)}
        talk.say.say("utter_wealth_holdings", (), panel, name=customer.name, rows=rows, **values)


def _holding_row(talk: Conversation, holding: Holding) -> str:
    return talk.say.phrase(
        "phrase_wealth_holding",
        name=holding.product_name,
        risk=holding.risk,
        value=yuan(holding.value_fen),
        cost=yuan(holding.cost_fen),
        profit=_profit(talk, holding.profit_fen),
        bought=full_day(holding.bought_on),
        free=full_day(holding.redeemable_on),
    )


def _holding_item(talk: Conversation, holding: Holding) -> Item:
    note = talk.say.phrase(
        "phrase_wealth_holding_item",
        cost=yuan(holding.cost_fen),
        profit=_profit(talk, holding.profit_fen),
        bought=full_day(holding.bought_on),
        free=full_day(holding.redeemable_on),
    )
    risk = talk.say.phrase("phrase_wealth_holding_risk", risk=holding.risk)
    return Item(holding.product_name, risk, money(holding.value_fen), note)


def _profit(talk: Conversation, fen: int) -> str:
    return talk.say.phrase("phrase_wealth_gain" if fen >= 0 else "phrase_wealth_loss", amount=yuan(abs(fen)))
