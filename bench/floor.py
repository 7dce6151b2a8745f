"""The least that any service of Twilio's on Supabase does for a request, as an application of one
view: check the signature, ask the database once. What ours does besides is measured against it."""

from __future__ import annotations

import os
from collections.abc import Callable

from flask import Flask, Response, abort, request
from supabase import Client, create_client
from twilio.request_validator import RequestValidator


def create_app() -> Flask:
    """Answer every POST with what the function `bench_floor` does: nothing."""
    app, database, check = Flask(__name__), connect(), signature_check()

    @app.post("/<path:_webhook>")
    def floor(_webhook: str) -> Response:
        check()
        database.rpc("bench_floor", {}).execute()
        return Response(status=204)

    return app


def connect() -> Client:
    """Supabase as the service role, through supabase-py as it comes."""
    return create_client(os.environ["SUPABASE_URL"], os.environ["SUPABASE_SERVICE_ROLE_KEY"])


def signature_check() -> Callable[[], None]:
    """What refuses a request that Twilio did not sign, with Twilio's own validator."""
    validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])

    def check() -> None:
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(request.url, request.form, signature):
            abort(403)

    return check
