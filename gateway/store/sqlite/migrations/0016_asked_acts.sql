-- Acts of operators that wait for a second person. The words of people are sealed under a key of kind 7, what was asked under one of
-- kind 8, which is destroyed when it is over.
CREATE TABLE asked_act (
    id BLOB PRIMARY KEY NOT NULL,
    tenant TEXT NOT NULL,
    act TEXT NOT NULL,
    target TEXT NOT NULL,               -- empty: it says nothing
    who TEXT NOT NULL,
    asked INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    why BLOB NOT NULL,
    request BLOB NOT NULL,              -- empty when it is over
    state INTEGER NOT NULL,             -- 1 asked, 2 approved, 3 done, 4 refused, 5 declined, 6 expired, 7 withdrawn
    decided_by TEXT NOT NULL,
    decided INTEGER,
    answer BLOB NOT NULL,
    ended INTEGER,
    code TEXT NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX asked_act_by_time ON asked_act (asked, id);
CREATE INDEX asked_act_open ON asked_act (asked, id) WHERE state < 3;
CREATE INDEX asked_act_ended ON asked_act (ended) WHERE state >= 3;
-- An act of a target is asked once at a time.
CREATE UNIQUE INDEX asked_act_target ON asked_act (tenant, act, target) WHERE state < 3 AND target <> '';
