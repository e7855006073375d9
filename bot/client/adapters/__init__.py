"""The ports of the daily post, over Discord and the knowledge base.

request_tracer  the outcome of a request, discord.py's own retries included
channel_access  a channel as it is now, with the bot's permissions in it
messenger       posting, finding a post, alerting admins, listing the bot's servers
quote_source    the quotes to choose from, each rendered as a message
"""
