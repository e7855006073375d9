"""The daily post's edges, in terms of Discord and of the notes.

wire        what became of a request, discord.py's own retries included
places      a channel as it is now: what the bot may do there
channels    posting, looking for a post, telling admins, the servers the bot is in
quotes      which quotes there are, and how one is posted
scopes      which packs answer in which server, remembered for a little while
equipment   all of it put together around a client and a state
"""
