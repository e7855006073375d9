"""/daily: everything about the daily quotes of a server."""

from __future__ import annotations

from bot.client.features import daily_edit as setting
from bot.client.features import daily_lifecycle as running
from bot.client.features import daily_queries as looking
from bot.client.permissions import AdminGroup


def daily_group() -> AdminGroup:
    """Make /daily with its subcommands, in the order in which they are offered."""
    group = AdminGroup("daily", "A quote every day, in a channel of your choice.")
    setting.add_set(group)
    looking.add_list(group)
    setting.add_edit(group)
    running.add_pause(group)
    running.add_simple(group)
    running.add_now(group)
    running.add_remove(group)
    looking.add_history(group)
    looking.add_doctor(group)
    looking.add_alerts(group)
    return group
