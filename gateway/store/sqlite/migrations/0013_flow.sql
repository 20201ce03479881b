-- How much has passed: counted in the transaction that moves a message, from this migration on. Hours and days since 1970, a day
-- of Norwegian standard time. `figure` is ports::FlowFigure; from 32 on, how many took how long from accepted to delivered.
-- Hours become days after 35 days. A row may be nought: what policy chose a way for moves from the row without one.
CREATE TABLE flow_hour (
    tenant TEXT NOT NULL,
    hour INTEGER NOT NULL,
    system TEXT NOT NULL,
    type TEXT NOT NULL,
    connection TEXT NOT NULL,           -- empty: not chosen yet
    figure INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (tenant, hour, system, type, connection, figure)
) WITHOUT ROWID, STRICT;
CREATE TABLE flow_day (
    tenant TEXT NOT NULL,
    day INTEGER NOT NULL,
    system TEXT NOT NULL,
    type TEXT NOT NULL,
    connection TEXT NOT NULL,
    figure INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, system, type, connection, figure)
) WITHOUT ROWID, STRICT;
