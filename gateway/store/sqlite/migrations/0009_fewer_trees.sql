-- What a message cost two trees more for each of its two events and its delivery is found without them.

-- Where the events lie whose ids were made within a second: in which runs of 1024 positions. A row for each second and run, not
-- for each event, written once a transaction. The first six bytes of an id are its milliseconds since 1970 (RFC 9562).
CREATE TABLE event_place (
    tenant TEXT NOT NULL,
    second INTEGER NOT NULL,
    run INTEGER NOT NULL,               -- position / 1024
    PRIMARY KEY (tenant, second, run)
) WITHOUT ROWID, STRICT;
INSERT OR IGNORE INTO event_place (tenant, second, run)
    SELECT tenant, (
        ((instr('0123456789ABCDEF', substr(digits, 1, 1)) - 1) << 44) + ((instr('0123456789ABCDEF', substr(digits, 2, 1)) - 1) << 40) +
        ((instr('0123456789ABCDEF', substr(digits, 3, 1)) - 1) << 36) + ((instr('0123456789ABCDEF', substr(digits, 4, 1)) - 1) << 32) +
        ((instr('0123456789ABCDEF', substr(digits, 5, 1)) - 1) << 28) + ((instr('0123456789ABCDEF', substr(digits, 6, 1)) - 1) << 24) +
        ((instr('0123456789ABCDEF', substr(digits, 7, 1)) - 1) << 20) + ((instr('0123456789ABCDEF', substr(digits, 8, 1)) - 1) << 16) +
        ((instr('0123456789ABCDEF', substr(digits, 9, 1)) - 1) << 12) + ((instr('0123456789ABCDEF', substr(digits, 10, 1)) - 1) << 8) +
        ((instr('0123456789ABCDEF', substr(digits, 11, 1)) - 1) << 4) + (instr('0123456789ABCDEF', substr(digits, 12, 1)) - 1)
        ) / 1000, position / 1024
    FROM (SELECT tenant, position, hex(substr(id, 1, 6)) AS digits FROM event);
DROP INDEX event_by_id;

-- A message names its newest delivery, and each delivery the one it replaces.
UPDATE delivery SET replaces = (SELECT b.id FROM delivery b WHERE b.tenant = delivery.tenant AND b.message = delivery.message AND
        b.number < delivery.number ORDER BY b.number DESC LIMIT 1)
    WHERE replaces IS NULL AND EXISTS (SELECT 1 FROM delivery b WHERE b.tenant = delivery.tenant AND b.message = delivery.message AND
        b.number < delivery.number);
DROP INDEX delivery_of_message;
