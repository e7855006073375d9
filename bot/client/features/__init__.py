"""The commands, one file each, with their buttons and menus."""
