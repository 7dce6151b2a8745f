"""Signs requests as Twilio does, written from its description: what the service is checked by."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping


def signature(token: str, url: str, params: Mapping[str, str]) -> str:
    """HMAC-SHA1 of the URL followed by every parameter's name and value, in the names' order."""
    text = url + "".join(name + params[name] for name in sorted(params))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
