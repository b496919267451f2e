"""`python -m services.core_bank.openapi [--check]`: write openapi.yml, or fail when it is stale."""

import sys
from pathlib import Path
from typing import Any

import yaml

from services.core_bank.app import routes
from services.core_bank.errors import CATALOGUE

DOCUMENT = Path(__file__).with_name("openapi.yml")

_SECURITY = {"serviceToken": {"type": "http", "scheme": "bearer"}}
_ABOUT = """Sandbox core bank of Zhanggui. Money is integer fen, moments are ISO 8601 with offset,
bank days are days in Shanghai.
Every answer that is not 2xx has the body of schema Error. Codes and their statuses:

"""


def document() -> dict[str, Any]:
    described: dict[str, Any] = routes(with_sandbox=True).openapi()
    described["info"]["description"] = _ABOUT + "\n".join(
        f"- `{code}` {status}: {message}" for code, (status, message) in CATALOGUE.items()
    )
    described["components"]["securitySchemes"] = _SECURITY
    described["security"] = [{"serviceToken": []}]
    described["paths"]["/health"]["get"]["security"] = []
    return described


def text() -> str:
    return yaml.safe_dump(document(), allow_unicode=True, sort_keys=False, width=120)


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        if DOCUMENT.exists() and DOCUMENT.read_text(encoding="utf-8") == text():
            return 0
        print(f"{DOCUMENT} is stale; run: python -m services.core_bank.openapi", file=sys.stderr)
        return 1
    if arguments:
        print("usage: python -m services.core_bank.openapi [--check]", file=sys.stderr)
        return 2
    DOCUMENT.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
