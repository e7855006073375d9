"""The daily post: when to post, which quote, and posting it once.

Nothing here knows Discord.

recurrence, timezones, parsing, rotation   pure: due times, zones, typed input, the order of quotes
typed_words                                the words for times and days in each language
models, ports, limits, clock               the data, the edges, the numbers
service, guilds, records                   the actions and the look-ups of admins
gaps, gap_words                            what members ask in vain, without who asked
alert_texts, reasons                       the texts of alerts and refusals; reasons as codes
storage/                                   all SQL, on SQLite or PostgreSQL; migrations/ beside it
worker/                                    the process that posts; the state machine of a delivery
simulate, fast_forward                     for people: posts to come; days that pass in a moment
"""
