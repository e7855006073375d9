"""The sandbox's guilds, members, channels and messages."""
