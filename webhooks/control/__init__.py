"""What people at screens ask for: who asks, parse, one call of the database, JSON.

Each module's operations hang on `bp`, whose before_request finds out who asks, and are described in
`/api/openapi.json` by what they are made of: a new operation is a function in a module below.
"""

from webhooks.control import (  # noqa: F401
    calls,
    consults,
    frontend,
    me,
    messages,
    softphone,
    supervision,
    wrap_up,
)
from webhooks.control.blueprint import bp
from webhooks.control.listening import listening
from webhooks.control.openapi import description

__all__ = ["bp", "description", "listening"]
