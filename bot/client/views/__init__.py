"""The layouts that people see, as pure functions (Components V2).

Layouts rather than embeds: they show for people who have switched previews off, read in order in a
screen reader, and let a button stand under the text it belongs to. They allow neither content nor
embeds beside them, 4,000 characters of text and 40 components in all; every layout keeps to
that whatever a pack holds, by a budget for each of its parts.

Buttons and menus here are bare: a custom id (`custom_ids.py`) and a label. The class that answers
a press is found by that id alone (`features/`), in any process that the press comes to.
"""
