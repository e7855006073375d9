-- The compiled fact store: written once, then only read. Bump SCHEMA in store.py at any change.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE pack (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    source TEXT NOT NULL CHECK (json_valid(source)),
    names TEXT NOT NULL CHECK (json_valid(names)), -- the name shown for every id that is a subject
    facts INTEGER NOT NULL,                        -- how many entries of each kind it has; they are
    quotes INTEGER NOT NULL,                       -- numbered in one run a kind, pack after pack,
    releases INTEGER NOT NULL                      -- so whatever is sought in a pack is a range
) STRICT;

CREATE TABLE entry (
    number INTEGER PRIMARY KEY,
    pack INTEGER NOT NULL REFERENCES pack,
    kind TEXT NOT NULL CHECK (kind IN ('fact', 'quote', 'release')),
    id TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    UNIQUE (pack, kind, id)
) STRICT;

-- What the matcher knows of an entry; its features also stand in posting, for finding it.
CREATE TABLE document (
    entry INTEGER PRIMARY KEY REFERENCES entry,
    body TEXT NOT NULL CHECK (json_valid(body)),
    pairs BLOB NOT NULL -- which of its phrasings uses which feature, and how much it tells there
) STRICT;

CREATE TABLE feature (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    entries INTEGER NOT NULL
) STRICT;

CREATE TABLE posting (
    feature INTEGER NOT NULL REFERENCES feature,
    entry INTEGER NOT NULL REFERENCES document,
    impact INTEGER NOT NULL,
    PRIMARY KEY (feature, entry)
) STRICT, WITHOUT ROWID;

CREATE TABLE name (
    first TEXT NOT NULL,
    words TEXT NOT NULL,
    pack INTEGER NOT NULL REFERENCES pack,
    subject TEXT NOT NULL,
    PRIMARY KEY (first, words, pack, subject)
) STRICT, WITHOUT ROWID;

-- English, and how common each word is; and the words that each pack adds (pack 0: the lexicon).
CREATE TABLE english (
    word TEXT PRIMARY KEY,
    commonness REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE vocabulary (
    word TEXT NOT NULL,
    pack INTEGER NOT NULL,
    uses INTEGER NOT NULL, -- in how many of its phrasings
    PRIMARY KEY (word, pack)
) STRICT, WITHOUT ROWID;

CREATE TABLE deletion (
    remainder TEXT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (remainder, word)
) STRICT, WITHOUT ROWID;

-- How typical a feature is of a topic that notes seldom speak of, in hundredths.
CREATE TABLE beyond (
    feature TEXT NOT NULL,
    topic INTEGER NOT NULL,
    affinity INTEGER NOT NULL,
    PRIMARY KEY (feature, topic)
) STRICT, WITHOUT ROWID;

-- Plain search over what an entry says, for authors: `linernotes facts find`.
CREATE VIRTUAL TABLE wording USING fts5 (text, content = '', tokenize = 'porter unicode61');
