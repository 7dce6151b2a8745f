"""The local stack: a whole Supabase, a simulated Twilio and the service, without Docker."""
