"""Stands for the system that this one replaces: no call is kept before a key is pressed, and a
status callback is one UPDATE, right or wrong, repeated or late."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, Response, request
from twilio.twiml.voice_response import VoiceResponse

from bench.floor import connect, signature_check

Script = dict[str, Any]


def create_app() -> Flask:
    """The two webhooks that every call brings, at /incoming-call and /call-status."""
    app, database, check = Flask(__name__), connect(), signature_check()

    @app.post("/incoming-call")
    def incoming_call() -> Response:
        check()
        scripts = database.table("ivr_scripts").select("*").eq("active", True).limit(1).execute()
        return Response(_menu(cast(Script, scripts.data[0])), content_type="text/xml")

    @app.post("/call-status")
    def call_status() -> Response:
        check()
        values = {"call_status": request.form["CallStatus"].replace("-", "_")}
        if "CallDuration" in request.form:
            values["duration_seconds"] = request.form["CallDuration"]
        calls = database.table("bench_call_records").update(values)
        calls.eq("call_id", request.form["CallSid"]).execute()
        return Response(status=204)

    return app


def _menu(script: Script) -> str:
    response = VoiceResponse()
    gather = response.gather(input="dtmf speech", num_digits=1, timeout=10, action="/ivr-input")
    gather.say(script["welcome_message"], language="es-MX")
    return str(response)
