"""The demonstration: real calls through the whole local stack, told as they happen."""
