"""The worker that delivers daily posts."""
