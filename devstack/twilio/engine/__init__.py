"""Executes TwiML on a leg: one module a verb or family of verbs."""
