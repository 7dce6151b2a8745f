"""Twilio's webhooks over HTTP: verify, parse, one call of the database, TwiML."""
