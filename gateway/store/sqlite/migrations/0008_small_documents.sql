-- Small documents lie here, not in a file each: one flush for them and what refers to them. They are appended, so that many
-- of them share their pages, and apart from `document`, whose rows change with each use.

CREATE TABLE document_bytes (
    id INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL                -- one chunk, with the document's key
) STRICT;

ALTER TABLE document ADD COLUMN bytes INTEGER;  -- document_bytes.id; NULL: in a file
