"""X-Twilio-Signature, written from Twilio's description and held to its published vectors."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit


def sign(token: str, url: str, params: Iterable[tuple[str, str]] = ()) -> str:
    """HMAC-SHA1 over the URL and the sorted POST parameters; a repeated pair counts once."""
    text = url + "".join(name + value for name, value in sorted(set(params)))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def signed_url(url: str) -> str:
    """The URL as Twilio signs it: without fragment; HTTPS loses its port, HTTP keeps it."""
    parts = urlsplit(url)
    netloc = parts.netloc
    if parts.scheme == "https" and parts.port is not None:
        netloc = netloc.rpartition(":")[0]
    return urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))
