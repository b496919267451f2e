"""`python -m services.core_bank`: serve the core bank as the environment says."""

import socket
import sys

import uvicorn
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from services.core_bank import logs
from services.core_bank.app import create_app
from services.core_bank.errors import BankError
from services.core_bank.settings import Settings, SettingsError, from_environment


def main() -> int:
    try:
        settings = from_environment()
    except SettingsError as error:
        return _stop(str(error))
    try:
        listener = _claim_address(settings)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        return _stop(
            f"core bank: cannot listen on {where} ({error.strerror}); stop what holds it or set CORE_BANK_PORT"
        )
    try:
        app = create_app(settings)
    except (SQLAlchemyError, BankError, ImportError, OSError, ValueError) as error:
        reason = type(error.__cause__ or error).__name__
        return _stop(
            f"core bank: cannot open the database {_without_password(settings.database_url)} ({reason});"
            " check CORE_BANK_DATABASE_URL and that the database accepts connections"
        )
    logs.configure()
    config = uvicorn.Config(app, ws="none", log_config=None, access_log=False, timeout_graceful_shutdown=30)
    logs.logger.info("listening", extra={"fields": {"host": settings.host, "port": settings.port}})
    uvicorn.Server(config).run(sockets=[listener])
    return 0


def _claim_address(settings: Settings) -> socket.socket:
    """Bound but not listening yet: until the database is open, a caller is refused and not left waiting."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((settings.host, settings.port))
    return listener


def _without_password(url: str) -> str:
    try:
        return str(make_url(url).render_as_string(hide_password=True))
    except ArgumentError:
        return "of CORE_BANK_DATABASE_URL"


def _stop(line: str) -> int:
    print(line, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
