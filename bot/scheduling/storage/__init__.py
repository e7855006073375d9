"""The state database, settings and deliveries: SQLite, or PostgreSQL by URL.

`database` opens it and hands out transactions, `tables` defines its tables, `values` says what
they may hold, `migrate` brings an older one up to date. `guilds`, `schedules`, `deliveries`,
`alerts`, `gaps`, `metadata` and `rate_limits` hold the SQL; each of their functions runs inside the
transaction it is given. `damage` reads past damaged rows and sets them aside. `archive` backs up,
restores and copies, `inspection` looks without changing anything, and `advisory_lock` spaces what
several processes do on one PostgreSQL.
"""
