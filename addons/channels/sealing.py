"""Keys derived from CONTEXT_KEY, and values sealed before they are stored."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from addons.channels.context import decoded_key

_HEADER = {"alg": "dir", "enc": "A256GCM"}
_REGISTRY = jwe.JWERegistry(algorithms=list(_HEADER.values()))


def derived_key(context_key: str, purpose: str) -> bytes:
    """32 bytes for one purpose (HKDF-SHA256). Raises ValueError when `context_key` is not 32 bytes in base64url."""
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"zhanggui {purpose}".encode())
    return bytes(derivation.derive(decoded_key(context_key)))


class Sealer:
    """Makes JWE compact tokens (alg dir, enc A256GCM) of values that only the channels' processes may read."""

    def __init__(self, context_key: str, purpose: str) -> None:
        """`context_key` as for `derived_key`; values sealed for one purpose open for no other."""
        self._key = OctKey.import_key(derived_key(context_key, purpose))

    def seal(self, value: str, holder: str) -> str:
        """Token of a value that belongs to `holder`."""
        return str(jwt.encode(_HEADER, {"value": value, "holder": holder}, self._key, registry=_REGISTRY))

    def open(self, sealed: str, holder: str) -> str | None:
        """The value; None when it was not sealed with this key, or for another holder."""
        try:
            claims = jwt.decode(sealed, self._key, registry=_REGISTRY).claims
        except (JoseError, ValueError):
            return None
        return str(claims["value"]) if claims.get("holder") == holder else None
