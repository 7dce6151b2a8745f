"""Whether a token is one of Supabase's, for a user who is signed in, and whose.

Projects sign users' tokens with a private key and publish the public one (JWKS); older ones sign
with a secret that we have too. Each kind has its own key: a public key is never taken for a secret.
"""

from __future__ import annotations

import math
import time
from typing import Any
from uuid import UUID

import jwt
import structlog

from callcenter.errors import KeysUnavailableError, NotSignedInError
from callcenter.settings import Settings

log = structlog.get_logger()
_PUBLIC_KEY_ALGORITHMS = frozenset({"ES256", "RS256", "EdDSA"})
_SECRET_ALGORITHM = "HS256"  # noqa: S105 - its name
_ROLE = "authenticated"
_CLOCKS_DIFFER_SECONDS = 10.0
_LONGEST_TOKEN = 16_000
# How long keys are used before they are asked for again, how often a key that we don't know may
# have us ask, and how long whoever does not answer is left alone.
_KEYS_LAST_SECONDS = 600.0
_UNKNOWN_KEY_SECONDS = 10.0
_REST_SECONDS = 5.0
_TIMEOUT_SECONDS = 2.0


class Tokens:
    """Verifies tokens of one project's users. Make one a process."""

    def __init__(self, settings: Settings) -> None:
        self._issuers = settings.token_issuers
        self._secret = settings.supabase_jwt_secret
        self._keys = _PublicKeys(f"{settings.supabase_url}/auth/v1/.well-known/jwks.json")

    def user_id(self, token: str) -> str:
        """Whose token it is. Raises NotSignedInError; KeysUnavailableError where nobody knows."""
        try:
            return self._verified(token)
        except (jwt.PyJWTError, ValueError) as error:
            # ValueError: of a user that is no UUID.
            raise NotSignedInError(f"the token is not good: {error}") from error

    def can_verify(self) -> bool:
        """Whether there is a secret, or a key, to verify tokens with; may raise as user_id does."""
        try:
            return bool(self._secret or self._keys.get_signing_keys())
        except jwt.PyJWTError:
            return False

    def _verified(self, token: str) -> str:
        if len(token) > _LONGEST_TOKEN:
            raise jwt.InvalidTokenError("too long")
        header = jwt.get_unverified_header(token)
        key, algorithm = self._key(header)
        claims = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=_ROLE,
            leeway=_CLOCKS_DIFFER_SECONDS,
            options={"require": ["exp", "sub", "aud"]},
        )
        self._check_issuer(claims, algorithm)
        if claims.get("role") != _ROLE:
            raise jwt.InvalidTokenError("not a signed-in user's")
        return str(UUID(claims["sub"]))

    def _key(self, header: dict[str, Any]) -> tuple[Any, str]:
        """The key that this token must be signed with, and how."""
        algorithm = header.get("alg")
        if algorithm == _SECRET_ALGORITHM and self._secret:
            return self._secret, _SECRET_ALGORITHM
        if not isinstance(algorithm, str) or algorithm not in _PUBLIC_KEY_ALGORITHMS:
            raise jwt.InvalidAlgorithmError(f"signed with {algorithm!r}, which is not taken here")
        key = self._keys.get_signing_key(str(header.get("kid")))
        if key.algorithm_name not in _PUBLIC_KEY_ALGORITHMS:
            raise jwt.InvalidAlgorithmError("its key is no public one")
        return key, key.algorithm_name

    def _check_issuer(self, claims: dict[str, Any], algorithm: str) -> None:
        """Auth servers that sign with a secret may not say who they are; all others do."""
        issuer = claims.get("iss")
        unnamed = issuer is None and algorithm == _SECRET_ALGORITHM
        if not unnamed and issuer not in self._issuers:
            raise jwt.InvalidIssuerError("another project's")


class _PublicKeys(jwt.PyJWKClient):
    """The project's public keys; while they can't be had anew, those that we know serve."""

    def __init__(self, url: str) -> None:
        super().__init__(
            url,
            lifespan=_KEYS_LAST_SECONDS,
            timeout=_TIMEOUT_SECONDS,
            cooldown_duration=_UNKNOWN_KEY_SECONDS,
        )
        self._known: jwt.PyJWKSet | None = None
        self._failed_at = -math.inf
        self._failure: Exception = KeysUnavailableError("not asked yet")

    def get_jwk_set(self, refresh: bool = False) -> jwt.PyJWKSet:
        """Raises KeysUnavailableError where none were ever had, PyJWKSetError where there are none.

        The library asks under a lock: one request waits for an answer, and others find its outcome.
        """
        if time.monotonic() - self._failed_at >= _REST_SECONDS:
            try:
                self._known = super().get_jwk_set(refresh)
            except jwt.PyJWKSetError as error:  # a project that signs with a secret has none
                self._known = None
                self._failed(error)
            except (jwt.PyJWTError, OSError, ValueError) as error:
                # ValueError: whatever answered in Supabase's place does not speak JSON.
                log.warning("no public keys", error=str(error), kind=type(error).__name__)
                self._failed(KeysUnavailableError("Supabase's public keys can't be had"))
        if self._known is None:
            raise self._failure
        return self._known

    def _failed(self, failure: Exception) -> None:
        self._failed_at, self._failure = time.monotonic(), failure
