-- The content of a message lies under a number of its own: it is appended, and no row of it is read to find the place of the next,
-- which the key of message_content needed, whose rows lie partly on further pages. What was stored before stays where it is.

CREATE TABLE message_bytes (
    id INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL                -- empty: erased
) STRICT;

ALTER TABLE message ADD COLUMN bytes INTEGER;   -- message_bytes.id; NULL: in message_content
