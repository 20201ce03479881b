-- Alarms: one row for each incident, at most one open of a kind, tenant and subject. Acknowledged by a person.
CREATE TABLE alarm (
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    tenant TEXT NOT NULL,               -- empty: the installation's
    subject TEXT NOT NULL,
    severity INTEGER NOT NULL,
    system TEXT NOT NULL,
    opened INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    resolved INTEGER,
    acknowledged INTEGER,
    acknowledged_by TEXT,
    acknowledged_why TEXT,
    count INTEGER NOT NULL,
    step INTEGER NOT NULL,
    params TEXT NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX alarm_by_time ON alarm (opened, id);
CREATE INDEX alarm_open ON alarm (opened, id) WHERE resolved IS NULL;

-- What is told to whom: written before it is tried.
CREATE TABLE alarm_notice (
    alarm BLOB NOT NULL,                -- zeros: a digest
    event TEXT NOT NULL,
    target TEXT NOT NULL,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    made INTEGER NOT NULL,
    due INTEGER NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (alarm, event, target)
) WITHOUT ROWID, STRICT;
CREATE INDEX alarm_notice_due ON alarm_notice (due) WHERE state < 3;

-- How many messages systems sent on a day. Counted from the messages themselves, up to the one in traffic_counted.
CREATE TABLE traffic (
    tenant TEXT NOT NULL,
    system TEXT NOT NULL,
    type TEXT NOT NULL,
    day INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (tenant, system, type, day)
) WITHOUT ROWID, STRICT;
CREATE TABLE traffic_counted (
    tenant TEXT PRIMARY KEY NOT NULL,
    created INTEGER NOT NULL,
    message BLOB NOT NULL
) WITHOUT ROWID, STRICT;

-- The few events that alarms are judged by.
CREATE INDEX event_of_alarm ON event (tenant, at) WHERE name IN ('overdue', 'notice_alarm');
