"""Secrets of the sandbox: random, made once for a `var/` folder, readable by the owner only."""

import fcntl
import os
import secrets
from pathlib import Path

from tools import environment


def ensure_secrets(var: Path) -> dict[str, str]:
    """Return the secrets of `var/secrets.env`, adding those that are missing; two processes may do so at once.

    A secret is 32 random bytes in unpadded base64url. The file is replaced as a whole: a reader sees all or nothing.
    """
    var.mkdir(parents=True, exist_ok=True)
    with open(os.open(var / "secrets.lock", os.O_CREAT | os.O_RDWR, 0o600), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = environment.stored_secrets(str(var))
        if missing := [name for name in environment.SECRETS if name not in known]:
            known.update((name, secrets.token_urlsafe(32)) for name in missing)
            _replace(var / "secrets.env", "".join(f"{name}={known[name]}\n" for name in environment.SECRETS))
    return known


def main() -> int:
    """`python -m tools.sandbox`, the last step of `make install`: plain `rasa shell` needs secrets as well."""
    if environment.sandbox():
        ensure_secrets(Path(os.environ["ZHANGGUI_VAR"]))
    return 0


def _replace(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


if __name__ == "__main__":
    raise SystemExit(main())
