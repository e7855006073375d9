"""A stand-in for Discord on this machine; imports nothing of the bot's."""
