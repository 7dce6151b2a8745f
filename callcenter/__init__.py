"""The call centre's Python side: it verifies, parses and carries; the database decides."""
