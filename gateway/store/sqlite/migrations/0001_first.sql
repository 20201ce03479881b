-- Ids are 16-byte blobs, times are INTEGER microseconds since 1970 UTC, both from the caller. Names are text.
-- The tenant leads every key and index of what belongs to a tenant. Sealed values and tokens are made above the store.
-- NULL in wake, expiry, open_place and lease_until keeps a row out of the small partial indexes that the hot path reads,
-- so that claims stay quick however many messages have ended.

CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

-- The wrapped keys of all content, apart: a backup keeps them in a file of their own, so that a key can be destroyed.
CREATE TABLE content_key (
    tenant TEXT NOT NULL,
    kind INTEGER NOT NULL,              -- 1 message, 2 document, 3 inbox item
    owner BLOB NOT NULL,
    wrapped BLOB NOT NULL,
    PRIMARY KEY (tenant, kind, owner)
) WITHOUT ROWID;

CREATE TABLE message (
    tenant TEXT NOT NULL,
    id BLOB NOT NULL,
    system TEXT NOT NULL,
    type TEXT NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    state INTEGER NOT NULL,             -- of the newest delivery, as is connection
    connection TEXT NOT NULL,
    newest BLOB NOT NULL,
    content_bytes INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;
CREATE INDEX message_by_time ON message (tenant, created, id);
CREATE INDEX message_by_state ON message (tenant, state, created, id);
CREATE INDEX message_by_system ON message (tenant, system, created, id);
CREATE INDEX message_by_type ON message (tenant, type, created, id);
CREATE INDEX message_by_connection ON message (tenant, connection, created, id);

CREATE TABLE message_content (
    tenant TEXT NOT NULL,
    message BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (tenant, message)
) WITHOUT ROWID;

CREATE TABLE search_token (
    tenant TEXT NOT NULL,
    kind INTEGER NOT NULL,
    token BLOB NOT NULL,
    created INTEGER NOT NULL,           -- of the message
    message BLOB NOT NULL,
    PRIMARY KEY (tenant, kind, token, created, message)
) WITHOUT ROWID;

CREATE TABLE idempotency (
    tenant TEXT NOT NULL,
    system TEXT NOT NULL,
    key_token BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    message BLOB NOT NULL,
    PRIMARY KEY (tenant, system, key_token)
) WITHOUT ROWID;

CREATE TABLE delivery (
    tenant TEXT NOT NULL,
    id BLOB NOT NULL,
    message BLOB NOT NULL,
    system TEXT NOT NULL,
    number INTEGER NOT NULL,            -- deliveries in the order they were made
    place INTEGER NOT NULL,             -- in its order
    open_place INTEGER,                 -- place while later ones of the order wait for it
    order_token BLOB NOT NULL,          -- empty: no order asked
    blocked INTEGER NOT NULL,
    connection TEXT NOT NULL,           -- empty: to be chosen
    settings TEXT NOT NULL,
    state INTEGER NOT NULL,
    work INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    due INTEGER,
    expires_at INTEGER,
    overdue_at INTEGER,
    attempts INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    cancel INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    lease_until INTEGER,                -- set while claimed
    wake INTEGER,                       -- when it can be claimed in its lane
    expiry INTEGER,                     -- when it can be claimed to expire
    upstream_key TEXT NOT NULL,
    upstream_reference BLOB NOT NULL,
    progress BLOB NOT NULL,
    replaces BLOB,
    code TEXT NOT NULL,
    params TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;
CREATE INDEX delivery_of_message ON delivery (tenant, message, number);
CREATE INDEX delivery_waking ON delivery (tenant, lane, connection, wake, number) WHERE wake IS NOT NULL;
CREATE INDEX delivery_expiring ON delivery (tenant, expiry, number) WHERE expiry IS NOT NULL;
CREATE INDEX delivery_claimed ON delivery (tenant, lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX delivery_in_order ON delivery (tenant, order_token, open_place) WHERE open_place IS NOT NULL;

CREATE TABLE receipt (
    tenant TEXT NOT NULL,
    delivery BLOB NOT NULL,
    dedupe_id TEXT NOT NULL,
    PRIMARY KEY (tenant, delivery, dedupe_id)
) WITHOUT ROWID;

-- Positions are given by the one writer in the order of commits and are never used again.
CREATE TABLE event (
    tenant TEXT NOT NULL,
    position INTEGER NOT NULL,
    id BLOB NOT NULL,
    system TEXT NOT NULL,
    message BLOB NOT NULL,
    delivery BLOB,
    connection TEXT NOT NULL,
    state INTEGER NOT NULL,
    at INTEGER NOT NULL,
    name TEXT NOT NULL,
    code TEXT NOT NULL,
    params TEXT NOT NULL,
    sealed_params BLOB NOT NULL,
    next INTEGER,
    PRIMARY KEY (tenant, position)
) WITHOUT ROWID;
CREATE INDEX event_of_message ON event (tenant, message, position);
CREATE INDEX event_of_system ON event (tenant, system, position);

CREATE TABLE document (
    tenant TEXT NOT NULL,
    hash BLOB NOT NULL,
    md5 TEXT NOT NULL,
    size INTEGER NOT NULL,
    uploader TEXT NOT NULL,             -- the first
    created INTEGER NOT NULL,           -- the last upload
    uses INTEGER NOT NULL,              -- rows of document_use
    PRIMARY KEY (tenant, hash)
) WITHOUT ROWID;
CREATE INDEX document_orphaned ON document (tenant, created) WHERE uses = 0;

CREATE TABLE document_uploader (
    tenant TEXT NOT NULL,
    hash BLOB NOT NULL,
    system TEXT NOT NULL,
    PRIMARY KEY (tenant, hash, system)
) WITHOUT ROWID;

CREATE TABLE document_use (
    tenant TEXT NOT NULL,
    owner BLOB NOT NULL,                -- message or inbox item
    kind INTEGER NOT NULL,              -- as in content_key
    place INTEGER NOT NULL,
    system TEXT NOT NULL,               -- who may read because of it
    hash BLOB NOT NULL,
    PRIMARY KEY (tenant, owner, place, system)
) WITHOUT ROWID;
CREATE INDEX document_use_of_hash ON document_use (tenant, hash, system);

CREATE TABLE inbound (
    tenant TEXT NOT NULL,
    id BLOB NOT NULL,
    number INTEGER NOT NULL,
    connection TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    copies INTEGER NOT NULL,            -- 0: quarantined
    order_token BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX inbound_once ON inbound (tenant, connection, dedupe_key);

CREATE TABLE inbox_copy (
    tenant TEXT NOT NULL,
    system TEXT NOT NULL,
    number INTEGER NOT NULL,            -- of the inbound item
    item BLOB NOT NULL,
    state INTEGER NOT NULL,             -- 1 received, 2 leased, 3 acknowledged, 4 rejected
    fence INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    deliveries INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    reason TEXT NOT NULL,
    order_token BLOB NOT NULL,
    PRIMARY KEY (tenant, system, number)
) WITHOUT ROWID;
CREATE INDEX inbox_open ON inbox_copy (tenant, system, number) WHERE state < 3;
CREATE INDEX inbox_in_order ON inbox_copy (tenant, system, order_token, number) WHERE state < 3;

CREATE TABLE adapter_state (
    connection TEXT NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (connection, key)
) WITHOUT ROWID;

CREATE TABLE named_lease (
    name TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    fence INTEGER NOT NULL,
    until INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE credential (
    key_id TEXT NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL,
    system TEXT NOT NULL,
    kind TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    created INTEGER NOT NULL,
    revoked INTEGER,
    note TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX credential_of_tenant ON credential (tenant, key_id);

CREATE TABLE config_version (
    version INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    files TEXT NOT NULL
);

CREATE TABLE subscription (
    tenant TEXT NOT NULL,
    id BLOB NOT NULL,
    system TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;
