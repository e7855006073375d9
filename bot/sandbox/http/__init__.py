"""Discord's HTTP API, version 10."""
