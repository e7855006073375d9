"""The compiled SQLite index of all packs: its writer and its readers.

`compiler` builds an index file, and `writer` fills its tables (`schema.sql`). `reader` serves
entries by their ids. `lookup` serves the two reads that one question needs, from `vocabulary` and
`inverted_index`. A `scope` bounds every read to the packs that may answer.
"""
