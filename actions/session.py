"""Who is talking, and how the bank is asked: the one place where actions meet the core bank.

The channel seals the customer's session reference into the message's metadata after it verified who is talking
(design §3.4); nothing else names a customer. A context is good for the turn it was made for only.
"""

import asyncio
import base64
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from joserfc.jwt import JWTClaimsRegistry, decode

from banking.http import HttpCoreBank
from banking.offload import call
from banking.port import BankRefused, CoreBank

ISSUER = "zhanggui-channel"
AUDIENCE = "zhanggui-actions"


class SignInRequired(BankRefused):
    """An anonymous visitor asked for something of a customer."""


class ContextInvalid(BankRefused):
    """The message carries no context of the channel, or an old or foreign one: treated as signed out."""


@lru_cache(maxsize=1)
def bank() -> CoreBank:
    """The core bank of this deployment; another core is another adapter, chosen here."""
    return HttpCoreBank(os.environ["CORE_BANK_URL"], os.environ["CORE_BANK_TOKEN_ACTIONS"])


@lru_cache(maxsize=1)
def _key() -> OctKey:
    encoded = os.environ["CONTEXT_KEY"]
    return OctKey.import_key(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))


def claims(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The channel's claims about this message. Raises ContextInvalid."""
    sealed = (message.get("metadata") or {}).get("context")
    if not isinstance(sealed, str):
        raise ContextInvalid("no context")
    try:
        token = decode(
            sealed, _key(), algorithms=["dir", "A256GCM"], registry=jwe.JWERegistry(algorithms=["dir", "A256GCM"])
        )
        JWTClaimsRegistry(
            leeway=5,
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
        ).validate(token.claims)
    except (JoseError, ValueError) as error:
        raise ContextInvalid(type(error).__name__) from None
    verified: Mapping[str, Any] = token.claims
    return verified


def session_of(message: Mapping[str, Any]) -> str:
    """The core bank's session reference of the customer who sent this message.

    Raises ContextInvalid, SignInRequired.
    """
    session = claims(message).get("session")
    if not session:
        raise SignInRequired("anonymous visitor")
    return str(session)


async def ask(method: str, session: str | None, *args: Any, **kwargs: Any) -> Any:
    """Call one method of the port off the event loop; visitors have no session. Raises the port's errors."""
    return await call(getattr(bank(), method), session, *args, **kwargs)


async def gather(*questions: Any) -> Any:
    """Ask several independent questions at once; the first error wins."""
    return await asyncio.gather(*questions)
