"""The application: routes, error answers, middleware."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from services.core_bank import crash, sandbox, schemas
from services.core_bank.account import routes as account_routes
from services.core_bank.bank import Bank
from services.core_bank.branch import routes as branch_routes
from services.core_bank.card import pin_page
from services.core_bank.card import routes as card_routes
from services.core_bank.care import routes as care_routes
from services.core_bank.credit_card import routes as credit_card_routes
from services.core_bank.db import Database
from services.core_bank.deposit import routes as deposit_routes
from services.core_bank.errors import BankError
from services.core_bank.faults import Faults
from services.core_bank.fx import routes as fx_routes
from services.core_bank.life import routes as life_routes
from services.core_bank.links import pages
from services.core_bank.loan import routes as loan_routes
from services.core_bank.logs import QuietErrors
from services.core_bank.payees import routes as payee_routes
from services.core_bank.phone import page as phone_page
from services.core_bank.profile import routes as profile_routes
from services.core_bank.profile.pages import PAGES
from services.core_bank.routes import access, accounts, cards, drafts, health, sessions
from services.core_bank.routes import sandbox as sandbox_routes
from services.core_bank.settings import Settings
from services.core_bank.sign_in import routes as sign_in_routes
from services.core_bank.sign_in.mint import Mint
from services.core_bank.sign_in.visit import VisitRefused
from services.core_bank.transfers import routes as transfer_routes
from services.core_bank.wealth import routes as wealth_routes
from services.core_bank.wechat import routes as wechat_routes


def create_app(settings: Settings) -> FastAPI:
    """Open the database, create what is missing, and wire everything up.

    Raises whatever the database driver raises when the database cannot be opened, or BankError core_down.
    """
    bank = Bank(Database(settings.database_url), settings.code_key)
    bank.db.create_schema()
    app = routes(settings.sandbox)
    app.state.bank = bank
    app.state.sandbox = settings.sandbox
    if settings.web is not None:
        app.state.web = settings.web
        app.state.mint = Mint(settings.web.sign_in_key, settings.web.sign_in_issuer)
    if settings.sandbox:
        sandbox.ensure_demo_world(bank)
        crash.arm(settings.crash_point)  # after seeding, which posts too
        app.add_middleware(Faults, bank=bank)
    app.add_middleware(access.ServiceTokens, tokens=settings.tokens)
    app.add_middleware(QuietErrors)
    return app


def routes(with_sandbox: bool) -> FastAPI:
    """The routes alone, without a bank behind them (enough for the OpenAPI document)."""
    app = FastAPI(
        title="Zhanggui sandbox core bank",
        version="1",
        openapi_url=None,
        responses={422: {"model": schemas.Error}, "default": {"model": schemas.Error}},
    )
    for module in (
        health,
        sessions,
        accounts,
        cards,
        drafts,
        transfer_routes,
        payee_routes,
        account_routes,
        credit_card_routes,
        card_routes,
        care_routes,
        fx_routes,
        branch_routes,
        life_routes,
        profile_routes,
        deposit_routes,
        wealth_routes,
        loan_routes,
        wechat_routes,
    ):
        app.include_router(module.router)
    if with_sandbox:
        app.include_router(account_routes.links)
        app.include_router(sandbox_routes.router)
        app.include_router(pin_page.router)
        app.include_router(pages.router)
        pages.register(*PAGES)
        app.include_router(sign_in_routes.router)
        app.include_router(phone_page.router)
        app.add_exception_handler(VisitRefused, sign_in_routes.refuse)
    app.add_exception_handler(BankError, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse_form)
    app.add_exception_handler(HTTPException, _refuse_route)
    return app


async def _refuse(_: Request, error: Any) -> JSONResponse:
    return _answer(error)


async def _refuse_form(_: Request, error: Any) -> JSONResponse:
    # Names of the fields only: the values may be passwords or codes.
    fields = sorted({".".join(str(part) for part in problem["loc"]) for problem in error.errors()})
    return _answer(BankError("validation_error", {"fields": fields}))


async def _refuse_route(_: Request, error: Any) -> JSONResponse:
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "validation_error")
    return _answer(BankError(code))


def _answer(error: BankError) -> JSONResponse:
    headers = {"Retry-After": str(error.details["retry_after"])} if "retry_after" in error.details else None
    return JSONResponse(error.body(), error.status, headers)
