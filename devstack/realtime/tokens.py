"""Who a token speaks for: tokens are signed with the secret that the stack's auth server has."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt


class RealtimeError(Exception):
    """Refused; clients are told `Code: message`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.message = message


@dataclass(frozen=True, slots=True)
class Identity:
    """A token that was valid when it was looked at."""

    role: str
    claims: dict[str, Any]
    token: str

    @property
    def seconds_left(self) -> float:
        return float(self.claims["exp"]) - time.time()


class Tokens:
    """Checks tokens; keys that are none (sb_…) stand for the ones they were made for."""

    def __init__(self, secret: str, keys: Mapping[str, str]) -> None:
        self._secret = secret
        self._keys = keys

    def identify(self, token: str) -> Identity:
        """Raises RealtimeError for one that is malformed, forged, out of date or incomplete."""
        token = self._keys.get(token, token)
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                options={"verify_exp": False, "verify_aud": False, "verify_iat": False},
            )
        except jwt.InvalidSignatureError as error:
            text = "Failed to validate JWT signature"
            raise RealtimeError("JwtSignatureError", text) from error
        except jwt.InvalidTokenError as error:
            text = "The token provided is not a valid JWT"
            raise RealtimeError("MalformedJWT", text) from error
        if not isinstance(claims.get("role"), str) or not isinstance(claims.get("exp"), int):
            text = "Fields `role` and `exp` are required in JWT"
            raise RealtimeError("InvalidJWTToken", text)
        identity = Identity(claims["role"], claims, token)
        if identity.seconds_left <= 0:
            text = f"Token has expired {-identity.seconds_left:.0f} seconds ago"
            raise RealtimeError("InvalidJWTToken", text)
        return identity
