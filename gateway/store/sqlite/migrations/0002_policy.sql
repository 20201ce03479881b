-- Which way a delivery goes and why, when an unopened letter is due on paper, and how many messages went which way.
ALTER TABLE delivery ADD COLUMN channel INTEGER NOT NULL DEFAULT 0;    -- core::Channel; 0: not chosen, or before this migration
ALTER TABLE delivery ADD COLUMN choice TEXT NOT NULL DEFAULT '';       -- what policy chose and has tried; never personal
ALTER TABLE delivery ADD COLUMN unread_at INTEGER;                     -- when the letter's unread rule applies

-- Each message by its newest delivery. Kept exact by the writer.
CREATE TABLE message_count (
    tenant TEXT NOT NULL,
    system TEXT NOT NULL,
    channel INTEGER NOT NULL,
    state INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (tenant, system, channel, state)
) WITHOUT ROWID;
INSERT INTO message_count (tenant, system, channel, state, count)
    SELECT tenant, system, 0, state, count(*) FROM message GROUP BY tenant, system, state;
