"""Settings and ledger in a database of their own: SQLite, or PostgreSQL by URL.

`database` opens it and hands out transactions, `tables` says what is in it, `migrate` brings an
older one up to date; `settings`, `ledger`, `notices` and `quota` are all the SQL there is;
`archive` backs up, restores and copies.
"""
