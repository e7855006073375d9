-- The compiled index: written once, then only read. Bump SCHEMA_VERSION in compiler.py at any change.

CREATE TABLE metadata (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How many entries of each kind a pack has stands here because entries are numbered pack after pack
-- (scope.py): the counts give the range of numbers that belongs to each pack.
CREATE TABLE pack (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    source TEXT NOT NULL CHECK (json_valid(source)),
    names TEXT NOT NULL CHECK (json_valid(names)), -- the display name of each id that is a subject
    fact_count INTEGER NOT NULL,
    quote_count INTEGER NOT NULL,
    release_count INTEGER NOT NULL,
    translation_faults TEXT NOT NULL CHECK (json_valid(translation_faults)),
    untranslated TEXT NOT NULL CHECK (json_valid(untranslated)) -- kind and id of entries
) STRICT;

CREATE TABLE entry (
    number INTEGER PRIMARY KEY,
    pack INTEGER NOT NULL REFERENCES pack,
    kind TEXT NOT NULL CHECK (kind IN ('fact', 'quote', 'release')),
    id TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    UNIQUE (pack, kind, id)
) STRICT;

-- What ranking needs of an entry. Its features also stand in posting, for finding it.
CREATE TABLE document (
    entry INTEGER PRIMARY KEY REFERENCES entry,
    body TEXT NOT NULL CHECK (json_valid(body)),
    phrasings BLOB NOT NULL -- which of its phrasings has which feature, and its weight there
) STRICT;

-- The sample questions of facts as templates: words, with "@" for each name. Read only where a
-- question may ask for somebody else than the fact does.
CREATE TABLE template (
    entry INTEGER PRIMARY KEY REFERENCES entry,
    samples TEXT NOT NULL CHECK (json_valid(samples))
) STRICT;

-- The words by which a fact is found while a question is typed, with their weight in hundredths.
CREATE TABLE completion (
    entry INTEGER PRIMARY KEY REFERENCES entry,
    words TEXT NOT NULL CHECK (json_valid(words)) -- the weightiest first
) STRICT;

CREATE TABLE feature (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    entry_count INTEGER NOT NULL
) STRICT;

-- A feature's postings, those of a block of entry numbers in one row: read at once, they cost a tenth
-- of a row for each.
CREATE TABLE posting (
    feature INTEGER NOT NULL REFERENCES feature,
    block INTEGER NOT NULL, -- the entries' numbers divided by BLOCK_SIZE of inverted_index.py
    entries BLOB NOT NULL, -- their numbers in ascending order, 4 bytes each
    impacts BLOB NOT NULL, -- the impact on each, 2 bytes each
    PRIMARY KEY (feature, block)
) STRICT, WITHOUT ROWID;

CREATE TABLE name (
    first_word TEXT NOT NULL,
    words TEXT NOT NULL,
    pack INTEGER NOT NULL REFERENCES pack,
    subject TEXT NOT NULL,
    PRIMARY KEY (first_word, words, pack, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE word_frequency (
    word TEXT PRIMARY KEY,
    zipf_frequency REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- The words of each pack. Pack 0 has those of the shared lexicon, pack -1 those of all packs, for in
-- a thousand packs a common word has a thousand rows.
CREATE TABLE vocabulary (
    word TEXT NOT NULL,
    pack INTEGER NOT NULL,
    use_count INTEGER NOT NULL, -- in how many phrasings and names
    PRIMARY KEY (word, pack)
) STRICT, WITHOUT ROWID;

-- Words by what is left of them when letters are left out, for correcting misspelt ones.
CREATE TABLE deletion (
    variant TEXT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (variant, word)
) STRICT, WITHOUT ROWID;

-- How typical a feature is of each out-of-domain topic, in hundredths of a natural logarithm.
CREATE TABLE ood_feature (
    feature TEXT NOT NULL,
    topic INTEGER NOT NULL,
    log_odds INTEGER NOT NULL,
    PRIMARY KEY (feature, topic)
) STRICT, WITHOUT ROWID;

-- Full-text search over the texts of entries, for authors.
CREATE VIRTUAL TABLE entry_fts USING fts5 (text, content = '', tokenize = 'porter unicode61');
