"""What people see: pure functions from answers to layouts (Components V2).

Layouts rather than embeds: they show for people who have switched previews off, read in order in a
screen reader, and let a button stand under the text it belongs to. They allow neither content nor
embeds beside them, 4,000 characters of text and 40 components in all; every card keeps to that
whatever a pack holds, by a budget for each of its parts.

Buttons and menus here are bare: a custom id (`keys.py`) and a label. What happens when one is
pressed is found by that id alone (`commands/`), in whichever process the press arrives.
"""
