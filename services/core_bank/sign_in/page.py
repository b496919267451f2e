"""The sign-in page as HTML: a form, one-tap demo customers, what went wrong."""

import html
from pathlib import Path
from typing import Any

import yaml
from starlette.responses import Response

from services.core_bank import seed, web_page
from services.core_bank.sign_in.visit import Lang, Problem, Visit

WORDS: dict[Lang, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("words.yml").read_text(encoding="utf-8"))
_LOGIN = 'autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="64"'
_PASSWORD = 'type="password" autocomplete="current-password" maxlength="256"'


def ask(visit: Visit, nonce: str, status: int = 200, problem: str = "", login: str = "") -> Response:
    """The form; `problem` is text, `login` what the customer had typed."""
    words = WORDS[visit.lang]
    hidden = f'<input type="hidden" name="nonce" value="{nonce}">'
    fields = (
        hidden
        + web_page.field("login", words["login"], f'{_LOGIN} value="{html.escape(login)}"')
        + web_page.field("password", words["password"], _PASSWORD)
    )
    body = web_page.form(fields, words["submit"], problem)
    body += f'<p><a href="{html.escape(visit.returns_to)}">{html.escape(words["back"])}</a></p>'
    body += f'<h2>{html.escape(words["choose"])}</h2><form method="post" class="choices">{hidden}'
    body += "".join(_choice(customer, words["demo"]) for customer in seed.DEMO) + "</form>"
    return web_page.page(
        words["title"],
        words["about"][visit.channel],
        body,
        status,
        lang=visit.lang,
        # Without the origin of the channel's page, browsers would stop the redirect that ends the sign-in.
        forms_to=f"'self' {visit.origin}",
    )


def refuse(problem: Problem, lang: Lang) -> Response:
    words = WORDS[lang]
    return web_page.page(words["refused_title"], words["refused"][problem], status=400, lang=lang)


def _choice(customer: seed.DemoCustomer, notes: dict[str, str]) -> str:
    return (
        f'<button name="demo" value="{customer.login}">{html.escape(customer.name)}'
        f"<small>{html.escape(notes[customer.login])}</small></button>"
    )
