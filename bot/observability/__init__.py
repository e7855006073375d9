"""Metrics and health of the bot, on a port off by default.

meter       the port to which other parts tell events
prometheus  the meter that keeps them as metrics
health      the condition of every part
listener    the pages of both
monitoring  all of it for one process
probe       a check from outside, for containers

While the port is off, nothing but `meter`, `health` and `monitoring` is imported.
"""
