-- What passed between here and the component for an attempt, masked and sealed with the message's key. Of each attempt and kind of
-- work the first call (place 0) and the newest (place 1); `call` counts them all.
CREATE TABLE exchange (
    tenant TEXT NOT NULL,
    message BLOB NOT NULL,
    attempt INTEGER NOT NULL,
    delivery BLOB NOT NULL,
    work INTEGER NOT NULL,
    place INTEGER NOT NULL,
    call INTEGER NOT NULL,
    at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (tenant, message, attempt, delivery, work, place)
) WITHOUT ROWID, STRICT;
