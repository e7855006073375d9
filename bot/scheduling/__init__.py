"""When to post a quote, and which one. Nothing here knows Discord.

times, zones, schedule, deck     pure: what is due when, which quote is next
model, ports, limits             what it is made of, its edges, its numbers
state/                           all SQL: guilds, schedules, ledger; SQLite or PostgreSQL
schedules, records, guilds       what admins do and look up
naming, retiming                 a schedule by its name; when it comes next, the ledger considered
claiming, delivery, settling     a post: claimed, sent or looked for, ended
means, leases, endings           what delivering works with, and what it writes before and after
doubt                            how long a post has been in doubt, and from when on to look
notices, telling                 what admins are told
pace, breaker, together          sharing Discord's limits, and transactions
housekeeping, poster             once a day; the loop
simulate                         what would be posted when
"""
