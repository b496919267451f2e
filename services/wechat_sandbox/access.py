"""Who may use the control routes."""

import hmac

from fastapi import Header, Request

from services.wechat_sandbox.errors import ControlError


def control_token(request: Request, authorization: str = Header("")) -> None:
    """Raises ControlError 401. Compared in constant time."""
    expected = f"Bearer {request.app.state.control_token}"
    if not hmac.compare_digest(expected.encode(), authorization.encode()):
        raise ControlError(401, "the control routes need WECHAT_SANDBOX_TOKEN as a bearer token")
