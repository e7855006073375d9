"""Liner Notes: a Discord bot that answers fans' questions from a cited fact store."""

__version__ = "0.1.0"
