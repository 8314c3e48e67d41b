-- Projections: what the fold and the register make of the truth. Every table here can be dropped
-- and rebuilt to identical rows; count PROJECTIONS_VERSION up with every change.

-- Slips with what later entries made of them: paid, reserved for the bank, and in `changes` what
-- was returned, adjusted and fixed (null for most). The rest of a slip stands in its entry.
-- state: 0 counted, 1 held, 2 voided, 3 refused. day: days since 1970-01-01 in Asia/Shanghai.
CREATE TABLE slips (
    id            INTEGER PRIMARY KEY,
    grower        INTEGER NOT NULL,
    entity        INTEGER NOT NULL,
    village       INTEGER,
    day           INTEGER NOT NULL,
    wall_s        INTEGER NOT NULL,
    net_g         INTEGER NOT NULL,
    settlement_g  INTEGER NOT NULL,
    amount_fen    INTEGER NOT NULL,
    paid_fen      INTEGER NOT NULL,
    remaining_fen INTEGER NOT NULL,
    reserved_fen  INTEGER NOT NULL,
    state         INTEGER NOT NULL,
    voided_by     INTEGER,
    changes       BLOB
) STRICT;
CREATE INDEX slips_by_grower ON slips (grower, wall_s);
CREATE INDEX slips_by_day ON slips (day);

CREATE TABLE lines (
    slip         INTEGER NOT NULL,
    line         INTEGER NOT NULL,
    product      INTEGER NOT NULL,
    grade        INTEGER NOT NULL,
    contract     INTEGER,
    gross_g      INTEGER NOT NULL,
    net_g        INTEGER NOT NULL,
    settlement_g INTEGER NOT NULL,
    amount_fen   INTEGER NOT NULL,
    -- What it comes to after returns and a fixed price; 0 while its price is open.
    owed_fen     INTEGER NOT NULL,
    PRIMARY KEY (slip, line)
) STRICT, WITHOUT ROWID;

-- Sums of the slips that stand, by the first day of their month: slips (of products: lines), net
-- weight, what they come to after returns, fixed prices and adjustments (of products: without these,
-- which are about a whole slip), and what of that is still owed (of products: 0).
CREATE TABLE sums_by_village (
    month      INTEGER NOT NULL,
    -- 0: of a device without one.
    village    INTEGER NOT NULL,
    count      INTEGER NOT NULL,
    net_g      INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    unpaid_fen INTEGER NOT NULL,
    PRIMARY KEY (month, village)
) STRICT, WITHOUT ROWID;

CREATE TABLE sums_by_grower (
    month      INTEGER NOT NULL,
    grower     INTEGER NOT NULL,
    count      INTEGER NOT NULL,
    net_g      INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    unpaid_fen INTEGER NOT NULL,
    PRIMARY KEY (grower, month)
) STRICT, WITHOUT ROWID;

CREATE TABLE sums_by_product (
    month      INTEGER NOT NULL,
    product    INTEGER NOT NULL,
    count      INTEGER NOT NULL,
    net_g      INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    unpaid_fen INTEGER NOT NULL,
    PRIMARY KEY (month, product)
) STRICT, WITHOUT ROWID;

CREATE TABLE payouts (
    id           INTEGER PRIMARY KEY,
    grower       INTEGER NOT NULL,
    entity       INTEGER NOT NULL,
    village      INTEGER,
    day          INTEGER NOT NULL,
    cash_fen     INTEGER NOT NULL,
    rounding_fen INTEGER NOT NULL,
    state        INTEGER NOT NULL,
    voided_by    INTEGER,
    -- What the ledger made of it, if that is not simply what was printed.
    effect       BLOB
) STRICT;
CREATE INDEX payouts_by_grower ON payouts (grower, day);

-- A contract with all its versions and what was delivered on it, as the ledger's record.
CREATE TABLE contracts (
    grower   INTEGER NOT NULL,
    contract INTEGER NOT NULL,
    record   BLOB NOT NULL,
    PRIMARY KEY (grower, contract)
) STRICT, WITHOUT ROWID;

CREATE TABLE contract_versions (
    entry    INTEGER PRIMARY KEY,
    grower   INTEGER NOT NULL,
    contract INTEGER NOT NULL
) STRICT;

-- Everything else that the fold keeps, as the ledger's records, by kind and id.
CREATE TABLE records (
    partition INTEGER NOT NULL,
    kind      INTEGER NOT NULL,
    id        INTEGER NOT NULL,
    record    BLOB NOT NULL,
    PRIMARY KEY (partition, kind, id)
) STRICT, WITHOUT ROWID;

-- Which counted entry issued an entry of a former key again.
CREATE TABLE reissues (
    partition   INTEGER NOT NULL,
    origin      INTEGER NOT NULL,
    origin_hash BLOB NOT NULL,
    entry       INTEGER NOT NULL,
    PRIMARY KEY (partition, origin, origin_hash)
) STRICT, WITHOUT ROWID;

-- What a partition's entries moved on an account (number, entity, owner).
CREATE TABLE balances (
    partition  INTEGER NOT NULL,
    account    INTEGER NOT NULL,
    entity     INTEGER NOT NULL,
    owner      INTEGER NOT NULL,
    debit_fen  INTEGER NOT NULL,
    credit_fen INTEGER NOT NULL,
    PRIMARY KEY (partition, account, entity, owner)
) STRICT, WITHOUT ROWID;

-- Entries that do not simply count: held, with the rules' codes, or of a newer kind.
CREATE TABLE holds (
    entry     INTEGER PRIMARY KEY,
    partition INTEGER,
    status    TEXT NOT NULL,
    reasons   TEXT NOT NULL
) STRICT;
CREATE INDEX holds_by_partition ON holds (partition);

-- Questions, objections and reviews (their own root, about `target`), and answers (of `root`).
CREATE TABLE words (
    entry  INTEGER PRIMARY KEY,
    root   INTEGER NOT NULL,
    target INTEGER
) STRICT;
CREATE INDEX words_by_root ON words (root);
CREATE INDEX words_by_target ON words (target) WHERE target IS NOT NULL;

-- Numbers that are one household with others, each with the one that is shown (itself too).
CREATE TABLE identities (
    grower INTEGER PRIMARY KEY,
    shown  INTEGER NOT NULL
) STRICT;
CREATE INDEX identities_by_shown ON identities (shown);

-- What the district publishes: of two values for one place, the order of everything
-- (close_index, lamport, entry) decides, whichever arrived first.
CREATE TABLE products (
    number       INTEGER PRIMARY KEY,
    close_index  INTEGER NOT NULL,
    lamport      INTEGER NOT NULL,
    entry        INTEGER NOT NULL,
    code         TEXT NOT NULL,
    name         TEXT NOT NULL,
    category     TEXT NOT NULL,
    grades       INTEGER NOT NULL,
    grain_or_oil INTEGER NOT NULL,
    yield_g      INTEGER
) STRICT;

-- The rows of a list stand in its entry.
CREATE TABLE price_lists (
    version     INTEGER PRIMARY KEY,
    close_index INTEGER NOT NULL,
    lamport     INTEGER NOT NULL,
    entry       INTEGER NOT NULL,
    from_day    INTEGER NOT NULL
) STRICT;

-- One row; the rules stand in its entry.
CREATE TABLE rules (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    close_index INTEGER NOT NULL,
    lamport     INTEGER NOT NULL,
    entry       INTEGER NOT NULL
) STRICT;

CREATE TABLE villages (
    number      INTEGER PRIMARY KEY,
    close_index INTEGER NOT NULL,
    lamport     INTEGER NOT NULL,
    entry       INTEGER NOT NULL,
    name        TEXT NOT NULL,
    entity      INTEGER NOT NULL
) STRICT;

-- People of the district; who they are stands in their entry.
CREATE TABLE roster (
    number      INTEGER PRIMARY KEY,
    close_index INTEGER NOT NULL,
    lamport     INTEGER NOT NULL,
    entry       INTEGER NOT NULL,
    device      INTEGER,
    active      INTEGER NOT NULL,
    household   INTEGER
) STRICT;

-- Households of the registers' newest editions, with the keys that search uses. `flags` are words
-- with a blank between them.
CREATE TABLE growers (
    id        INTEGER PRIMARY KEY,
    village   INTEGER NOT NULL,
    name      TEXT NOT NULL,
    name_number INTEGER NOT NULL,
    phone     TEXT NOT NULL,
    team      TEXT NOT NULL,
    address   TEXT NOT NULL,
    flags     TEXT NOT NULL,
    retired   INTEGER NOT NULL,
    erased    INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    pinyin    TEXT NOT NULL,
    initials  TEXT NOT NULL
) STRICT;
CREATE INDEX growers_by_village ON growers (village, id);

-- Which edition of a village's register the two tables around this one show.
CREATE TABLE register_editions (
    village INTEGER PRIMARY KEY,
    edition INTEGER NOT NULL
) STRICT;

-- Every field of those editions: its value, and what others wrote at the same time (NULL: nothing),
-- as CBOR. People, points, names of former days and conflicts are read from here.
CREATE TABLE register_fields (
    village INTEGER NOT NULL,
    list    TEXT NOT NULL,
    row     TEXT NOT NULL,
    field   TEXT NOT NULL,
    value   BLOB NOT NULL,
    others  BLOB,
    PRIMARY KEY (village, list, row, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX register_conflicts ON register_fields (village, list, row, field)
    WHERE others IS NOT NULL;

-- Entries that were taken over from paper: under their own number, the office's entry that holds
-- their bytes. The entry itself may be here as well.
CREATE TABLE recovered (
    id        INTEGER PRIMARY KEY,
    partition INTEGER NOT NULL,
    entry     INTEGER NOT NULL
) STRICT;
CREATE INDEX recovered_of ON recovered (partition);
