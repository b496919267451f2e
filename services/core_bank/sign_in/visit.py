"""What a channel asks of the sign-in page: where to return to, for which conversation, in which language."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlsplit

from starlette.datastructures import QueryParams

from services.core_bank.fields import WorldName
from services.core_bank.sandbox import DEMO_WORLD
from services.core_bank.sign_in.mint import AUDIENCES

Lang = Literal["zh-CN", "en"]
Problem = Literal["bad_return", "bad_request"]
_BINDING = re.compile(r"[\x21-\x7e]{1,128}")
_URL = re.compile(r"[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]{1,512}")
"""No fragment (the token goes there), no backslash, space or control character, which browsers rewrite."""


class VisitRefused(Exception):
    """The page was called in a way that no channel calls it; `problem` is a key of the page's words."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Visit:
    """`returns_to` is an allowed URL; `binding` is the channel's name for the waiting conversation."""

    returns_to: str
    binding: str
    channel: str
    world: str
    lang: Lang

    @property
    def origin(self) -> str:
        parts = urlsplit(self.returns_to)
        return f"{parts.scheme}://{parts.netloc}"


def read(query: QueryParams, allowed: Iterable[str]) -> Visit:
    """`allowed`: URLs that end with a slash, for all addresses below them. Raises VisitRefused."""
    returns_to = query.get("return", "")
    if not may_return(returns_to, allowed):
        raise VisitRefused("bad_return")
    binding, channel = query.get("binding", ""), query.get("channel", "web")
    try:
        world = WorldName.validate(query.get("world", DEMO_WORLD))
    except ValueError as error:
        raise VisitRefused("bad_request") from error
    if not _BINDING.fullmatch(binding) or channel not in AUDIENCES:
        raise VisitRefused("bad_request")
    return Visit(returns_to, binding, channel, world, language(query))


def language(query: QueryParams) -> Lang:
    asked = query.get("lang")
    return next((lang for lang in get_args(Lang) if lang == asked), "zh-CN")


def may_return(url: str, allowed: Iterable[str]) -> bool:
    """Whether a browser that follows this URL ends at the origin and below the path of an allowed one."""
    if not _URL.fullmatch(url):
        return False
    path = url.split("?", 1)[0]
    segments = re.split("/", re.sub("%2e", ".", path, flags=re.IGNORECASE))
    climbs = ".." in segments or "." in segments or re.search("%2f|%5c", path, re.IGNORECASE)
    return not climbs and any(path.startswith(prefix) for prefix in allowed)
