-- The truth, version 1: what cannot be made again. Entries, edits, what the device is, what the
-- server has, drafts and what was set aside. Everything else is a projection (projections.sql).

-- Named single values: the device's key and certificates, the session, the cursor, the clock.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- Certificates that the root key vouches for, one a device.
CREATE TABLE certificates (
    device INTEGER PRIMARY KEY,
    role   INTEGER NOT NULL,
    village INTEGER,
    bytes  BLOB NOT NULL
) STRICT;

-- Every entry of every book here. `id` is device << 32 | sequence. Beside the bytes stands what
-- the fold sorts and chooses by; it follows from the bytes.
CREATE TABLE entries (
    id           INTEGER PRIMARY KEY,
    grower       INTEGER,
    close_index  INTEGER NOT NULL,
    lamport      INTEGER NOT NULL,
    kind         INTEGER NOT NULL,
    lamport_jump INTEGER NOT NULL,
    bytes        BLOB NOT NULL
) STRICT;
CREATE INDEX entries_in_order ON entries (grower, close_index, lamport, id);

-- One row a book (device << 32 | number): its head at `count`, the device's signature over it, and
-- how many entries the server is known to have. What it lacks is the outbox, unless the server
-- refused it (`blocked`: the server's own fork, or evidence that the phone keeps).
CREATE TABLE books (
    book         INTEGER PRIMARY KEY,
    count        INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL,
    blocked      INTEGER NOT NULL DEFAULT 0,
    head         BLOB NOT NULL,
    signature    BLOB NOT NULL
) STRICT;

-- Register edits in an order in which each comes after what it depends on.
CREATE TABLE edits (
    place   INTEGER PRIMARY KEY AUTOINCREMENT,
    village INTEGER NOT NULL,
    edition INTEGER NOT NULL,
    device  INTEGER NOT NULL,
    number  INTEGER NOT NULL,
    bytes   BLOB NOT NULL,
    UNIQUE (village, edition, device, number)
) STRICT;
CREATE INDEX edits_in_order ON edits (village, edition, place);

-- A device's newest edit of a register: its head, signature, and what the server is known to have.
CREATE TABLE edit_tips (
    village      INTEGER NOT NULL,
    edition      INTEGER NOT NULL,
    device       INTEGER NOT NULL,
    count        INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL,
    head         BLOB NOT NULL,
    signature    BLOB NOT NULL,
    PRIMARY KEY (village, edition, device)
) STRICT, WITHOUT ROWID;

-- Parts that wait for a certificate, for the entries before them, or for the edits they depend on.
CREATE TABLE parked (
    place    INTEGER PRIMARY KEY AUTOINCREMENT,
    document TEXT NOT NULL,
    device   INTEGER NOT NULL,
    first    INTEGER NOT NULL,
    reason   TEXT NOT NULL,
    bytes    BLOB NOT NULL
) STRICT;
CREATE INDEX parked_by_first ON parked (document, device, first);

-- Forks and refusals with their evidence. They block nothing and are never deleted.
CREATE TABLE set_aside (
    place    INTEGER PRIMARY KEY AUTOINCREMENT,
    document TEXT NOT NULL,
    device   INTEGER NOT NULL,
    first    INTEGER NOT NULL,
    code     TEXT NOT NULL,
    evidence BLOB NOT NULL
) STRICT;
CREATE INDEX set_aside_by_first ON set_aside (document, device, first);

-- Which row of an imported file became which entry, saved together with it, so that an import
-- that was interrupted, or a file with one corrected line, doubles nothing.
CREATE TABLE import_keys (
    row_hash   BLOB NOT NULL,
    occurrence INTEGER NOT NULL,
    entry      INTEGER NOT NULL,
    PRIMARY KEY (row_hash, occurrence)
) STRICT, WITHOUT ROWID;

-- Work that is open on the screen.
CREATE TABLE drafts (
    name  TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;
