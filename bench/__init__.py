"""What the call centre's cost depends on, measured: `python -m bench [name …]`."""
