-- What comes in: its bytes as they came, its type beside each copy, and what adapters are to be told of it.
ALTER TABLE inbound ADD COLUMN raw BLOB NOT NULL DEFAULT x'';          -- sealed; as it came
CREATE INDEX inbound_by_time ON inbound (tenant, at, number, type);

-- States: -1 dead, 1 received, 2 leased, 3 acknowledged, 4 rejected; below 3 it holds its order up.
ALTER TABLE inbox_copy ADD COLUMN type TEXT NOT NULL DEFAULT '';
ALTER TABLE inbox_copy ADD COLUMN answer BLOB NOT NULL DEFAULT x'';    -- sealed; what the system said when it settled it
UPDATE inbox_copy SET type = (SELECT i.type FROM inbound i WHERE i.tenant = inbox_copy.tenant AND i.id = inbox_copy.item);
CREATE INDEX inbox_copy_of_item ON inbox_copy (tenant, number, system);
CREATE INDEX inbox_by_state ON inbox_copy (tenant, state, number);

CREATE TABLE settlement (
    tenant TEXT NOT NULL,
    item BLOB NOT NULL,
    answer_by INTEGER,
    open INTEGER NOT NULL,              -- copies not acknowledged
    kind INTEGER NOT NULL,              -- 0 not settled, 1 acknowledged, 2 rejected, 3 overdue
    at INTEGER,
    system TEXT NOT NULL,               -- the last to acknowledge, or who rejected
    due INTEGER,                        -- when it becomes overdue or is to be told; nothing: the adapter knows
    failures INTEGER NOT NULL,
    PRIMARY KEY (tenant, item)
) WITHOUT ROWID;
CREATE INDEX settlement_due ON settlement (tenant, due) WHERE due IS NOT NULL;
