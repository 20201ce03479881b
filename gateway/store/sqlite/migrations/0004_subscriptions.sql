-- Subscriptions to events by webhook: how far each has come, and the calls that wait by themselves.
ALTER TABLE subscription ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1;
ALTER TABLE subscription ADD COLUMN disabled_code TEXT NOT NULL DEFAULT '';
ALTER TABLE subscription ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE subscription ADD COLUMN position INTEGER NOT NULL DEFAULT 0;   -- of the event log
ALTER TABLE subscription ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;   -- in a row
ALTER TABLE subscription ADD COLUMN failing_since INTEGER;
ALTER TABLE subscription ADD COLUMN retry_at INTEGER;
ALTER TABLE subscription ADD COLUMN last_success INTEGER;
ALTER TABLE subscription ADD COLUMN last_failure INTEGER;
ALTER TABLE subscription ADD COLUMN last_code TEXT NOT NULL DEFAULT '';
ALTER TABLE subscription ADD COLUMN last_params TEXT NOT NULL DEFAULT '';

CREATE TABLE subscription_call (
    tenant TEXT NOT NULL,
    subscription BLOB NOT NULL,
    position INTEGER NOT NULL,          -- of the event
    due INTEGER,                        -- NULL: given up
    since INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (tenant, subscription, position)
) WITHOUT ROWID;
CREATE INDEX subscription_call_due ON subscription_call (tenant, subscription, due, position) WHERE due IS NOT NULL;
CREATE INDEX subscription_call_given_up ON subscription_call (tenant, subscription, position) WHERE due IS NULL;

-- What an event is about when it is no message; its message is then 16 zero bytes.
ALTER TABLE event ADD COLUMN subscription BLOB;
-- Ids begin with the time they were made: for what is to be told again.
CREATE INDEX event_by_id ON event (tenant, id);
