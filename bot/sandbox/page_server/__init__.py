"""The server side of the sandbox's page."""
