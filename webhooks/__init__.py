"""The service over HTTP: Twilio's webhooks, and what ops look at."""
