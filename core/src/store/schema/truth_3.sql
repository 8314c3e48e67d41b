-- The truth, version 3: who may work at this phone by PIN, and what the office says of sealed
-- numbers.

-- Operators, 0 the phone's own steward. Only this phone knows the PINs, as argon2id hashes. `wrong`
-- counts wrong tries in a row; the clocks say when the last one was.
CREATE TABLE operators (
    number         INTEGER PRIMARY KEY,
    name           TEXT NOT NULL,
    pin_hash       TEXT NOT NULL,
    wrong          INTEGER NOT NULL,
    wrong_uptime_s INTEGER NOT NULL,
    wrong_wall_s   INTEGER NOT NULL
) STRICT;

-- The last four characters of ID and bank numbers, as the office said them last. The numbers
-- themselves never come here.
CREATE TABLE number_tails (
    grower    INTEGER NOT NULL,
    person    INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    last_four TEXT NOT NULL,
    PRIMARY KEY (grower, person, kind)
) STRICT, WITHOUT ROWID;
