-- What is known of a quarantined inbox item (inbound.copies = 0), apart from its sealed bytes: a list of them reads no bytes.

CREATE TABLE quarantine (
    tenant TEXT NOT NULL,
    number INTEGER NOT NULL,            -- of the inbound item
    item BLOB NOT NULL,
    connection TEXT NOT NULL,
    at INTEGER NOT NULL,
    code TEXT NOT NULL,
    params TEXT NOT NULL,
    media_type TEXT NOT NULL,
    content_bytes INTEGER NOT NULL,
    tenant_known INTEGER NOT NULL,      -- 0: nobody's as far as we can tell
    resolved INTEGER,
    resolved_by TEXT NOT NULL,
    sealed_reason BLOB NOT NULL,
    PRIMARY KEY (tenant, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX quarantine_of_item ON quarantine (tenant, item);
CREATE INDEX quarantine_waiting ON quarantine (tenant, number) WHERE resolved IS NULL;
CREATE INDEX quarantine_settled ON quarantine (tenant, number) WHERE resolved IS NOT NULL;

INSERT INTO quarantine (tenant, number, item, connection, at, code, params, media_type, content_bytes, tenant_known,
                        resolved_by, sealed_reason)
    SELECT tenant, number, id, connection, at, '', '', '', 0, 1, '', x'' FROM inbound WHERE copies = 0;
