"""Settings and ledger in a database of their own: SQLite, or PostgreSQL by URL.

`database` opens it and hands out transactions, `tables` says what is in it, `migrate` brings an
older one up to date; `guilds`, `schedules`, `ledger`, `draws`, `notices`, `marks`, `quota` and
`turns` are the SQL; `archive` backs up, restores and copies.
"""
