"""A stand-in for Twilio Voice: speaks its REST API and runs our TwiML for virtual people.

Run it with ``python -m devstack.twilio``; README.md has the API of the virtual people.
"""
