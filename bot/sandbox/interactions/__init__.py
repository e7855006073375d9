"""Interactions, from a member's action to the bot's reply."""
