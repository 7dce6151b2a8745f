"""The call centre live in the terminal, fed by the topics that a browser listens to."""
