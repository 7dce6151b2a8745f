"""Parts of Twilio that callcenter/twilio_service.py hands on to, a module each."""
