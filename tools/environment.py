"""The one table of environment variables. Imported at every interpreter start through zhanggui.pth.

It therefore imports `os`, `sys` and `warnings` only, prints nothing and never raises. A value set by the operator wins
over a default; sandbox secrets come from `$ZHANGGUI_VAR/secrets.env` (written by `tools.sandbox`) when it exists.
"""

import os
import sys
import warnings

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CORE, ACTIONS, RASA = "core bank", "action server", "Rasa server"
WECHAT = "WeChat stand-in"
WECHATS = f"{RASA}, {WECHAT}"
ALL = f"{CORE}, {ACTIONS}, {RASA}"


class Variable:
    """One row: `default` may name earlier rows in braces. Without one it is a secret, or optional: unset is fine.

    `sandbox_only`: nothing reads it outside the sandbox, where a bank has its own in that place. `in_sandbox`: the
    default there, when it is another one.
    """

    __slots__ = ("default", "in_sandbox", "meaning", "name", "optional", "sandbox_only", "secret", "used_by")

    def __init__(
        self,
        name: str,
        default: "str | None",
        used_by: str,
        meaning: str,
        optional: bool = False,
        sandbox_only: bool = False,
        in_sandbox: "str | None" = None,
    ) -> None:
        self.name, self.default, self.used_by, self.meaning = name, default, used_by, meaning
        self.optional, self.sandbox_only, self.in_sandbox = optional, sandbox_only, in_sandbox
        self.secret = default is None and not optional


TABLE = (
    Variable("ZHANGGUI_SANDBOX", "1", ALL, "1: demo bank, local channel, secrets made on the spot; 0: the real thing"),
    Variable("ZHANGGUI_VAR", "{ROOT}/var", ALL, "folder of everything that is stored"),
    Variable("ZHANGGUI_TIMEZONE", "Asia/Shanghai", ALL, "zone of the bank day"),
    Variable("CORE_BANK_HOST", "127.0.0.1", CORE, "address it binds"),
    Variable("CORE_BANK_PORT", "8100", CORE, "port it binds"),
    Variable(
        "CORE_BANK_URL",
        "http://{CORE_BANK_HOST}:{CORE_BANK_PORT}",
        f"{ACTIONS}, {RASA}, {WECHAT}",
        "where the core bank answers",
    ),
    Variable("CORE_BANK_DATABASE_URL", "sqlite:///{ZHANGGUI_VAR}/core_bank.db", CORE, "SQLAlchemy URL of the ledger"),
    Variable("CORE_BANK_TOKEN_ACTIONS", None, f"{CORE}, {ACTIONS}", "service token of the action server"),
    Variable("CORE_BANK_TOKEN_CHANNEL", None, f"{CORE}, {RASA}", "service token of the channels"),
    Variable("CORE_BANK_TOKEN_OPERATOR", None, CORE, "service token of the review desk"),
    Variable("CORE_BANK_TOKEN_SANDBOX", None, CORE, "service token of the sandbox routes", sandbox_only=True),
    Variable("CORE_BANK_CODE_KEY", None, CORE, "HMAC key of one-time codes"),
    Variable("SANIC_HOST", "127.0.0.1", ACTIONS, "address it binds (the name is rasa-sdk's)"),
    Variable("ACTION_SERVER_PORT", "5055", ACTIONS, "port it binds"),
    Variable("ACTION_SERVER_URL", "http://{SANIC_HOST}:{ACTION_SERVER_PORT}/webhook", RASA, "where actions are run"),
    Variable("ACTION_SERVER_TOKEN", None, f"{ACTIONS}, {RASA}", "what Rasa shows to the action server"),
    Variable("RASA_HOST", "127.0.0.1", RASA, "address it binds"),
    Variable("RASA_PORT", "5005", RASA, "port it binds"),
    Variable(
        "RASA_CREDENTIALS",
        "{ROOT}/credentials.yml",
        RASA,
        "its channels; the sandbox has the local one as well",
        in_sandbox="{ROOT}/credentials.sandbox.yml",
    ),
    Variable("RASA_URL", "http://{RASA_HOST}:{RASA_PORT}", "make chat, tests", "where Rasa answers"),
    Variable("WEB_ORIGINS", "{RASA_URL}", f"{CORE}, {RASA}", "origins of pages that may talk to the web channel"),
    Variable("WEB_EMBED_ORIGINS", None, RASA, "the bank's own sites that may frame the chat page", optional=True),
    Variable("WEB_TRUSTED_PROXIES", None, RASA, "addresses whose X-Forwarded-For is believed", optional=True),
    Variable("WEB_MESSAGES_A_MINUTE", "3000", RASA, "messages that the web channel takes in all"),
    Variable("WEB_SIGN_IN_URL", "{CORE_BANK_URL}/sandbox/sign-in", RASA, "the bank's sign-in page"),
    Variable("WEB_SIGN_IN_KEYS_URL", "{WEB_SIGN_IN_URL}/keys.json", RASA, "JWKS of who signs sign-in tokens"),
    Variable("WEB_SIGN_IN_ISSUER", "{CORE_BANK_URL}", f"{CORE}, {RASA}", "who signs in: iss of the sign-in tokens"),
    Variable(
        "WEB_SIGN_IN_RETURNS",
        "{RASA_URL}/chat/, {RASA_URL}/wechat/, {RASA_URL}/wecom/",
        CORE,
        "where its sign-in page returns to: URLs ending in /",
        sandbox_only=True,
    ),
    Variable(
        "WEB_SIGN_IN_KEY",
        None,
        CORE,
        "Ed25519 key of the sandbox's sign-in page: 32 bytes, base64url",
        sandbox_only=True,
    ),
    Variable("WECHAT_APP_ID", None, WECHATS, "AppID of the account; unset: the sandbox has its own", optional=True),
    Variable("WECHAT_APP_SECRET", None, WECHATS, "AppSecret of the account", optional=True),
    Variable("WECHAT_TOKEN", None, WECHATS, "Token of the account's server settings", optional=True),
    Variable("WECHAT_AES_KEY", None, WECHATS, "EncodingAESKey; unset: plaintext mode", optional=True),
    Variable("WECHAT_AES_KEY_PREVIOUS", None, RASA, "the EncodingAESKey before, while it is changed", optional=True),
    Variable("WECHAT_API_URL", None, RASA, "another address than https://api.weixin.qq.com", optional=True),
    Variable("WECHAT_ORIGIN", "{RASA_URL}", RASA, "origin under which customers reach /wechat/bind"),
    Variable("WECHAT_KIND", "official", RASA, "official (account) or mini_program"),
    Variable("WECHAT_CUSTOMER_SERVICE", "1", RASA, "1: the account has the customer-service API (verified); 0: not"),
    Variable("WECHAT_DESK", "0", RASA, "1: customers who want a person go to WeChat's own desk"),
    Variable("WECHAT_NOTICE_TEMPLATE", None, RASA, "<template id>:<placeholder> of notices", optional=True),
    Variable("WECOM_CORP_ID", None, RASA, "CorpID of WeCom 微信客服", optional=True),
    Variable("WECOM_SECRET", None, RASA, "Secret of 微信客服", optional=True),
    Variable("WECOM_TOKEN", None, RASA, "Token of its callback", optional=True),
    Variable("WECOM_AES_KEY", None, RASA, "EncodingAESKey of its callback", optional=True),
    Variable("WECOM_AES_KEY_PREVIOUS", None, RASA, "the EncodingAESKey before, while it is changed", optional=True),
    Variable("WECOM_KFID", None, RASA, "open_kfid of the accounts the bot serves, with commas", optional=True),
    Variable("WECOM_SERVICERS", None, RASA, "userids who take customers over, with commas; *: queue", optional=True),
    Variable("WECOM_API_URL", None, RASA, "another address than https://qyapi.weixin.qq.com", optional=True),
    Variable("WECHAT_SANDBOX_HOST", "127.0.0.1", WECHAT, "address it binds", sandbox_only=True),
    Variable("WECHAT_SANDBOX_PORT", "8300", WECHAT, "port it binds", sandbox_only=True),
    Variable(
        "WECHAT_SANDBOX_URL",
        "http://{WECHAT_SANDBOX_HOST}:{WECHAT_SANDBOX_PORT}",
        WECHAT,
        "where it answers, the phones too",
        sandbox_only=True,
    ),
    Variable(
        "WECHAT_SANDBOX_CALLBACK_URL",
        "{RASA_URL}/wechat/webhook",
        WECHAT,
        "where the demo account pushes",
        sandbox_only=True,
    ),
    Variable("WECHAT_SANDBOX_TOKEN", None, WECHAT, "token of its control routes", sandbox_only=True),
    Variable(
        "CONTEXT_KEY",
        None,
        f"{ACTIONS}, {RASA}",
        "JWE key of the customer context, and key of what channels keep: 32 bytes, base64url",
    ),
    Variable("TRACKER_DB", "{ZHANGGUI_VAR}/tracker.db", RASA, "SQLite file of the conversations"),
    Variable("CHANNEL_DB", "{ZHANGGUI_VAR}/channels.db", RASA, "SQLite file of what channels keep, without REDIS_URL"),
    Variable("REDIS_URL", None, RASA, "redis:// of what channels keep: for several Rasa processes", optional=True),
    Variable("TICKET_LOCK_LIFETIME", "30", RASA, "Rasa: seconds before a conversation's lock is given up"),
    Variable("RASA_TELEMETRY_ENABLED", "false", RASA, "Rasa: usage statistics sent abroad"),
    Variable("TF_CPP_MIN_LOG_LEVEL", "3", RASA, "TensorFlow: errors only"),
    Variable("SQLALCHEMY_SILENCE_UBER_WARNING", "1", f"{CORE}, {RASA}", "SQLAlchemy 1.4: no notice that 2.0 exists"),
)
SECRETS = tuple(row.name for row in TABLE if row.secret)


def sandbox(environ: "os._Environ[str] | dict[str, str]" = os.environ) -> bool:
    """Whether this is the sandbox; anything but "1" is not."""
    return environ.get("ZHANGGUI_SANDBOX") == "1"


def parse(text: str) -> "dict[str, str]":
    """Read `NAME=value` lines; names that are not secrets of the table are ignored."""
    pairs = (line.partition("=") for line in text.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip() in SECRETS and value.strip()}


def stored_secrets(var: str) -> "dict[str, str]":
    """Secrets of `var/secrets.env`; empty when there is no readable file."""
    try:
        with open(os.path.join(var, "secrets.env"), encoding="ascii") as file:
            return parse(file.read())
    except (OSError, ValueError):
        return {}


def fill(environ: "os._Environ[str] | dict[str, str]") -> None:
    """Complete `environ` in place from the table; what is already set stays."""
    for row in TABLE:
        default = row.in_sandbox if row.in_sandbox and sandbox(environ) else row.default
        if default is not None:
            environ.setdefault(row.name, default.format_map({**environ, "ROOT": ROOT}))
    if sandbox(environ):
        for name, value in stored_secrets(environ["ZHANGGUI_VAR"]).items():
            environ.setdefault(name, value)
        fill_wechat(environ)


def fill_wechat(environ: "os._Environ[str] | dict[str, str]") -> None:
    """Without an account of its own the sandbox has the stand-in's, with credentials that follow from its secret."""
    secret = environ.get("WECHAT_SANDBOX_TOKEN")
    if not secret or environ.get("WECHAT_APP_ID"):
        return
    import hashlib

    def made(name: str) -> str:
        return hashlib.sha256(f"{name} {secret}".encode()).hexdigest()

    environ["WECHAT_APP_ID"] = f"wx{made('WECHAT_APP_ID')[:16]}"
    environ["WECHAT_API_URL"] = environ["WECHAT_SANDBOX_URL"]
    for name, length in (("WECHAT_APP_SECRET", 32), ("WECHAT_TOKEN", 32), ("WECHAT_AES_KEY", 43)):
        environ[name] = made(name)[:length]


def require(name: str) -> str:
    """Value of a variable; prints one line and exits 2 when it is missing."""
    value = os.environ.get(name)
    if value:
        return value
    row = next((row for row in TABLE if row.name == name), None)
    print(f"{name} is not set ({row.meaning if row else 'not in tools/environment.py'}): {mending()}", file=sys.stderr)
    raise SystemExit(2)


def mending() -> str:
    """What to do about a missing variable, for the end of a message."""
    return "run `make run` once, which creates it" if sandbox() else "set it; outside the sandbox it has no default"


def hide_library_deprecations() -> None:
    """Keep deprecation notices raised inside installed packages off the screen.

    Filters do not do: sanic prepends its own `once` filter at import. `-W` or PYTHONWARNINGS still show everything.
    """
    shown = warnings.showwarning

    def show(message, category, filename, lineno, file=None, line=None):  # type: ignore[no-untyped-def]
        if not (issubclass(category, (DeprecationWarning, PendingDeprecationWarning)) and "site-packages" in filename):
            shown(message, category, filename, lineno, file, line)

    warnings.showwarning = show


fill(os.environ)
if not sys.warnoptions:
    hide_library_deprecations()
