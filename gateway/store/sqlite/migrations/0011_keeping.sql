-- What storing data once has spared, in figures that outlive the process. `what`: the dataset, or the life event.
CREATE TABLE benefit (
    day INTEGER NOT NULL,               -- since 1970, UTC; of the first also what came before those that are kept apart
    tenant TEXT NOT NULL,
    system TEXT NOT NULL,
    what TEXT NOT NULL,
    how TEXT NOT NULL,                  -- an answer came; 'told': a life event
    count INTEGER NOT NULL,
    PRIMARY KEY (day, tenant, system, what, how)
) WITHOUT ROWID, STRICT;

-- Retention of messages and inbox items by type. kind and owner as in content_key. What was erased has no key, and its row of
-- content is empty; search_token and idempotency are swept afterwards.
CREATE TABLE erased_content (
    tenant TEXT NOT NULL,
    kind INTEGER NOT NULL,
    owner BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (tenant, kind, owner)
) WITHOUT ROWID, STRICT;
CREATE TABLE content_hold (             -- a legal hold
    tenant TEXT NOT NULL,
    kind INTEGER NOT NULL,
    owner BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (tenant, kind, owner)
) WITHOUT ROWID, STRICT;
-- How far retention has come among what was made, oldest first; and what it met and left, with when to look at it again.
CREATE TABLE retention_mark (
    tenant TEXT NOT NULL,
    kind INTEGER NOT NULL,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    owner BLOB NOT NULL,                -- of a message; an inbox item has a number
    number INTEGER NOT NULL,
    PRIMARY KEY (tenant, kind, type)
) WITHOUT ROWID, STRICT;
CREATE TABLE retention_later (
    tenant TEXT NOT NULL,
    kind INTEGER NOT NULL,
    type TEXT NOT NULL,
    look_at INTEGER NOT NULL,
    owner BLOB NOT NULL,
    PRIMARY KEY (tenant, kind, type, look_at, owner)
) WITHOUT ROWID, STRICT;
