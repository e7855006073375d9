"""The command line, one module for each group of commands.

main           `linernotes` itself; lazy_group imports each command when it is asked for
progress       bars on a terminal, for what takes long
program        the edges that tests replace, and how settings are read
ask            ask, quote, release, topics; with rendering and jsonl
config         config, and the options of settings
daily          daily simulate
demo           demo; demo_server runs the bot and its Discord in one process
doctor         doctor
facts          facts new, check, show, audit, schema; lint: find, lint; evaluate: eval
run            run, sync
sandbox        sandbox
state          backup, restore, state copy, state restored
"""
