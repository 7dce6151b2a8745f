"""Access tokens, with which a softphone signs in: what Twilio checks, and how it refuses."""

import time
from dataclasses import dataclass
from typing import Any

import jwt

from devstack.twilio.config import Config

CONTENT_TYPE = "twilio-fpa;v=1"
LONGEST_LIFE = 24 * 3600

INVALID, BAD_SIGNATURE, EXPIRED, TOO_LONG = 31204, 31202, 31205, 31207


class TokenRefused(Exception):
    """``code`` as the signalling says it; the Voice SDK makes its own errors of it."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Grant:
    """Who signs in and what they may: be rung, and place calls by a TwiML App. ``expires``: real
    seconds since 1970.
    """

    identity: str
    expires: float
    incoming: bool
    application: str

    @property
    def address(self) -> str:
        return f"client:{self.identity}"


def read_token(config: Config, token: object) -> Grant:
    """Raises TokenRefused. Its times are real ones, whatever the speed."""
    claims = _claims(config, token)
    _check_life(claims)
    given = claims.get("grants")
    grants = given if isinstance(given, dict) else {}
    voice = grants.get("voice")
    if not isinstance(voice, dict) or not grants.get("identity"):
        raise TokenRefused(INVALID, "the token has no identity, or no voice grant")
    return Grant(
        identity=str(grants["identity"]),
        expires=float(claims["exp"]),
        incoming=bool(voice.get("incoming", {}).get("allow")),
        application=str(voice.get("outgoing", {}).get("application_sid", "")),
    )


def _claims(config: Config, token: object) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(str(token))
        unproven = jwt.decode(str(token), options={"verify_signature": False})
    except jwt.PyJWTError as error:
        raise TokenRefused(INVALID, "not a token") from error
    if header.get("cty") != CONTENT_TYPE or header.get("alg") != "HS256":
        raise TokenRefused(INVALID, "not an access token of Twilio's")
    key, secret = config.api_key or ("", "")
    if not key or (unproven.get("iss"), unproven.get("sub")) != (key, config.account_sid):
        raise TokenRefused(INVALID, "the token is of another API key or account")
    try:
        proven: dict[str, Any] = jwt.decode(
            str(token),
            secret,
            ["HS256"],
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )
    except jwt.PyJWTError as error:
        raise TokenRefused(BAD_SIGNATURE, "the signature is not that of the API key") from error
    return proven


def _check_life(claims: dict[str, Any]) -> None:
    now = time.time()
    expires = claims.get("exp")
    begins = claims.get("nbf", now)
    if not isinstance(expires, int) or not isinstance(begins, (int, float)) or begins > now:
        raise TokenRefused(INVALID, "the token is not good yet, or for ever")
    if expires <= now:
        raise TokenRefused(EXPIRED, "the token has expired")
    if expires - max(begins, claims.get("iat", begins)) > LONGEST_LIFE:
        raise TokenRefused(TOO_LONG, "the token is good for more than a day")
