"""The commands, one file each, with the buttons and menus of their answers."""
