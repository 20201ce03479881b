-- Records: what is held of persons, organisations and other keys, and who read it. Types are strict, so that what the
-- access log proves is what its rows hold.

-- Whom or what records are about. A row stays when its subject is forgotten: the log and followers name its handle.
CREATE TABLE subject (
    tenant TEXT NOT NULL,
    handle BLOB NOT NULL,
    kind INTEGER NOT NULL,
    token BLOB,                         -- of the key; NULL: forgotten
    sealed BLOB NOT NULL,               -- the key itself
    created INTEGER NOT NULL,
    held INTEGER NOT NULL,              -- a legal hold
    PRIMARY KEY (tenant, handle)
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX subject_by_token ON subject (tenant, kind, token) WHERE token IS NOT NULL;

-- The newest version of each; what is removed leaves an empty row, so that followers see it go and no version comes twice.
CREATE TABLE record (
    tenant TEXT NOT NULL,
    subject BLOB NOT NULL,
    dataset TEXT NOT NULL,
    version INTEGER NOT NULL,
    key_version INTEGER NOT NULL,       -- the version that brought the content and its key
    position INTEGER NOT NULL,          -- of its last change, in commit order
    changed INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    absent INTEGER NOT NULL,
    overridden INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    source TEXT NOT NULL,
    fields TEXT NOT NULL,
    purposes TEXT NOT NULL,
    register_time INTEGER,
    fetched_at INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    stale_until INTEGER NOT NULL,
    erase_at INTEGER,
    PRIMARY KEY (tenant, subject, dataset)
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX record_by_position ON record (tenant, dataset, position);
CREATE INDEX record_to_erase ON record (tenant, erase_at) WHERE erase_at IS NOT NULL;

-- A hash chain for each tenant (gateway/records/log_chain.hpp): nothing here is ever changed or deleted.
CREATE TABLE access_log (
    tenant TEXT NOT NULL,
    number INTEGER NOT NULL,            -- from 1, without gaps
    kind INTEGER NOT NULL,
    at INTEGER NOT NULL,
    system TEXT NOT NULL,
    purpose TEXT NOT NULL,
    dataset TEXT NOT NULL,
    fields TEXT NOT NULL,               -- joined by commas
    subject BLOB,
    freshness TEXT NOT NULL,
    code TEXT NOT NULL,
    sealed BLOB NOT NULL,               -- with the subject's key
    hash BLOB NOT NULL,
    PRIMARY KEY (tenant, number)
) WITHOUT ROWID, STRICT;
CREATE INDEX access_log_of_subject ON access_log (tenant, subject, number) WHERE subject IS NOT NULL;
CREATE INDEX access_log_of_system ON access_log (tenant, system, number);

-- How far each feed has come, and which life events each system has been told.
CREATE TABLE feed_cursor (
    connection TEXT NOT NULL,
    tenant TEXT NOT NULL,
    cursor TEXT NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (connection, tenant)
) WITHOUT ROWID, STRICT;
CREATE TABLE told (
    tenant TEXT NOT NULL,
    system TEXT NOT NULL,
    dedupe_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (tenant, system, dedupe_id)
) WITHOUT ROWID, STRICT;
CREATE INDEX told_by_time ON told (tenant, at);

-- A life event names its subject; its message is then 16 zero bytes.
ALTER TABLE event ADD COLUMN subject BLOB;
