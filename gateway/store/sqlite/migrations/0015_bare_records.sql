-- The bare record of what was erased goes too, after a second term. Of a message the row here stays until what has no index by
-- message (search_token, idempotency) has been swept.
ALTER TABLE erased_content ADD COLUMN type TEXT NOT NULL DEFAULT '';
ALTER TABLE erased_content ADD COLUMN look_at INTEGER NOT NULL DEFAULT 0;      -- when one that was due and had to stay is looked at again
ALTER TABLE erased_content ADD COLUMN removed INTEGER;                         -- its rows are gone since
UPDATE erased_content SET type = coalesce((SELECT m.type FROM message m WHERE m.tenant = erased_content.tenant AND m.id =
    erased_content.owner), '') WHERE kind = 1;
UPDATE erased_content SET type = coalesce((SELECT i.type FROM inbound i WHERE i.tenant = erased_content.tenant AND i.id =
    erased_content.owner), '') WHERE kind = 3;
CREATE INDEX erased_bare ON erased_content (tenant, kind, type, look_at, at, owner) WHERE removed IS NULL;
CREATE INDEX erased_removed ON erased_content (removed) WHERE removed IS NOT NULL;

-- When it was first told that one in quarantine is soon kept no longer; nothing goes that was not told of.
ALTER TABLE quarantine ADD COLUMN warned INTEGER;
CREATE INDEX subject_held ON subject (tenant) WHERE held <> 0;

-- A person whose id was replaced by another: the handle that stands for the one in use, or for the next on the way to it.
ALTER TABLE subject ADD COLUMN replaced_by BLOB;
CREATE INDEX subject_replaced ON subject (tenant, replaced_by) WHERE replaced_by IS NOT NULL;
