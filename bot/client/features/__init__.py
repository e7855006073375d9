"""The slash commands and what their buttons do: ask, render, respond."""
