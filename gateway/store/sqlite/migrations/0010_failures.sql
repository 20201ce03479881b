-- What has failed, run out of time or is held: the newest deliveries of their messages. Kept exact by the writer.
-- Deliveries that failed before this migration have no detail.
CREATE TABLE failure (
    tenant TEXT NOT NULL,
    delivery BLOB NOT NULL,
    message BLOB NOT NULL,
    system TEXT NOT NULL,
    state INTEGER NOT NULL,
    at INTEGER NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,               -- the component's own code; empty: none
    connection TEXT NOT NULL,
    type TEXT NOT NULL,
    PRIMARY KEY (tenant, delivery)
) WITHOUT ROWID;
CREATE INDEX failure_of_kind ON failure (tenant, code, detail, connection, type, at, delivery);

CREATE TABLE failure_kind (
    tenant TEXT NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    connection TEXT NOT NULL,
    type TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (tenant, code, detail, connection, type)
) WITHOUT ROWID;

INSERT INTO failure (tenant, delivery, message, system, state, at, code, detail, connection, type)
    SELECT d.tenant, d.id, d.message, d.system, d.state, d.changed, d.code, '', d.connection, m.type
    FROM message m INDEXED BY message_by_state JOIN delivery d ON d.tenant = m.tenant AND d.id = m.newest
    WHERE m.tenant IN (SELECT DISTINCT tenant FROM message_count) AND m.state IN (7, 8, 10);
INSERT INTO failure_kind (tenant, code, detail, connection, type, count)
    SELECT tenant, code, detail, connection, type, count(*) FROM failure GROUP BY tenant, code, detail, connection, type;
