"""Temporary media: /cgi-bin/media/upload and /cgi-bin/media/get."""

from email import message_from_bytes
from email.policy import HTTP

from fastapi import APIRouter
from starlette.responses import Response

from services.wechat_sandbox.api.calls import OK, Answer, Call, route
from services.wechat_sandbox.errors import WeChatError

router = APIRouter()


async def upload(call: Call) -> Answer:
    if call.method != "POST":
        raise WeChatError(43002)
    medium = call.account.library.add(call.query.get("type", ""), _file(call))
    name = "thumb_media_id" if medium.kind == "thumb" and call.account.setup.kind != "wecom" else "media_id"
    answer = {"type": medium.kind, name: medium.media_id, "created_at": int(medium.created)}
    return {**OK, **answer} if call.account.setup.kind == "wecom" else answer


async def get(call: Call) -> Answer:
    medium = call.account.library.find(call.query.get("media_id"))
    return Response(medium.data, media_type=medium.content_type)


def _file(call: Call) -> bytes:
    """The part called `media`, which must have a file name. Raises WeChatError 41005."""
    form = message_from_bytes(b"Content-Type: " + call.content_type.encode() + b"\r\n\r\n" + call.body, policy=HTTP)
    for part in form.iter_parts() if form.is_multipart() else ():
        if part.get_param("name", header="content-disposition") == "media" and part.get_filename():
            data = part.get_payload(decode=True)
            return data if isinstance(data, bytes) else b""
    raise WeChatError(41005)


route(router, "/cgi-bin/media/upload", upload)
route(router, "/cgi-bin/media/get", get)
