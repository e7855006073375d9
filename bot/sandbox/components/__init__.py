"""Message components, modals and embeds."""
