"""Requests and responses of the WeChat routes."""

from services.core_bank.fields import Moment, Name, Text
from services.core_bank.schemas import Body, View


class FollowerId(Body):
    """Who follows which app, as Tencent says it; never in an address, which logs keep."""

    app_id: Name
    openid: Name


class WechatSignIn(Body):
    """An openid that a customer has bound, instead of login and password."""

    wechat: FollowerId


class BindingRequest(FollowerId):
    """`ticket`: of the sign-in page, made for the channel wechat."""

    ticket: Name


class BindingAttempt(View):
    attempt: str
    name_masked: str
    phone_masked: str
    expires_at: Moment


class BindingCode(Body):
    code: Text


class Bound(View):
    name_masked: str
