"""`python -m services.wechat_sandbox`: play Tencent as the environment says."""

import logging
import socket
import sys

import uvicorn

from services.wechat_sandbox.app import create_app
from services.wechat_sandbox.settings import Settings, SettingsError, from_environment


def main() -> int:
    try:
        settings = from_environment()
    except SettingsError as error:
        return _stop(str(error))
    try:
        listener = _claim_address(settings)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        return _stop(f"wechat sandbox: cannot listen on {where} ({error.strerror}); free it or set WECHAT_SANDBOX_PORT")
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    config = uvicorn.Config(
        create_app(settings), ws="none", log_config=None, access_log=False, timeout_graceful_shutdown=2
    )
    print(f"wechat sandbox: listening on {settings.host}:{settings.port}, phones at {settings.url}/wechat-sandbox/")
    uvicorn.Server(config).run(sockets=[listener])
    return 0


def _claim_address(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((settings.host, settings.port))
    return listener


def _stop(line: str) -> int:
    print(line, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
