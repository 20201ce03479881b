-- A corrected message stands for the one it corrects, which is closed for good. One correction of each, and of one each.
CREATE TABLE replacement (
    tenant TEXT NOT NULL,
    old BLOB NOT NULL,
    new BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (tenant, old)
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX replacement_by_new ON replacement (tenant, new);
