"""Discord's side on this machine: HTTP API, gateway and a page, for demos and tests."""
