"""The Discord side of the bot, the only folder that imports discord.

app                discord.py's client, with the command tree
services           the services that commands work with; knowledge: the packs in force
serve              one whole bot: start, posting beside the client, end
responding         answering an interaction in time; errors: failing in one sentence
persistent         buttons and menus found by custom id; permissions: those for admins
features           one file a command, with its buttons and menus
views              the layouts that people see
adapters           the ports of the daily post, over Discord
command_translator the commands' names and descriptions in other languages
sync, inspection   publishing the commands; questions of `linernotes doctor`
telemetry          measuring; identify_gate: turns to identify; memory_cleaner: typed text
endpoint, signals  a stand-in for Discord; signals to the process
discord_internals  everything of discord.py that is not documented
"""
