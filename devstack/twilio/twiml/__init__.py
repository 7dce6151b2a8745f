"""TwiML: strict parsing against our own table of verbs, attributes and nesting."""
