"""Twilio's REST API 2010-04-01: one module a family of resources."""
