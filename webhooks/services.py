"""What a request works with: the parts that its process was built from."""

from __future__ import annotations

from typing import cast

from flask import current_app

from callcenter.bootstrap import Services


def services() -> Services:
    return cast(Services, current_app.extensions["callcenter"])
