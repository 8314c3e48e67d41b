//! The SQLite log's tables. Every index serves a query of `sqlite::reads`.

use rusqlite_migration::{M, Migrations};

/// Brings a database up to date; steps are only ever added at the end.
pub(crate) fn migrations() -> Migrations<'static> {
    Migrations::new(vec![
        M::up(
            "
        CREATE TABLE county (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            district BLOB NOT NULL,
            root BLOB NOT NULL,
            office BLOB NOT NULL,
            epoch INTEGER NOT NULL,
            last_number INTEGER NOT NULL,
            next_device INTEGER NOT NULL,
            lamport INTEGER NOT NULL,
            secret BLOB NOT NULL
        ) STRICT;

        CREATE TABLE device (
            number INTEGER PRIMARY KEY,
            role INTEGER NOT NULL,
            village INTEGER NOT NULL, -- 0: the county's own
            state INTEGER NOT NULL,
            lamport INTEGER NOT NULL,
            since_ms INTEGER NOT NULL,
            certificate BLOB NOT NULL
        ) STRICT;
        CREATE INDEX device_of_office ON device (village, role, state);

        CREATE TABLE book (
            device INTEGER NOT NULL,
            number INTEGER NOT NULL,
            count INTEGER NOT NULL,
            head BLOB NOT NULL,
            PRIMARY KEY (device, number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE batch (
            number INTEGER PRIMARY KEY,
            village INTEGER NOT NULL, -- 0: everybody reads it
            device INTEGER NOT NULL,
            book INTEGER NOT NULL,
            start INTEGER NOT NULL,
            count INTEGER NOT NULL,
            received_ms INTEGER NOT NULL,
            signature BLOB NOT NULL,
            entries BLOB NOT NULL
        ) STRICT;
        CREATE INDEX batch_of_book ON batch (device, book, start, count);
        CREATE INDEX batch_for_village ON batch (village, number, device);

        CREATE TABLE edition (
            village INTEGER NOT NULL,
            number INTEGER NOT NULL,
            opened_ms INTEGER NOT NULL,
            PRIMARY KEY (village, number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE edit (
            number INTEGER PRIMARY KEY,
            village INTEGER NOT NULL,
            edition INTEGER NOT NULL,
            device INTEGER NOT NULL,
            start INTEGER NOT NULL, -- this device's edits of the edition before these
            count INTEGER NOT NULL,
            received_ms INTEGER NOT NULL,
            signature BLOB NOT NULL,
            head BLOB NOT NULL,
            edits BLOB NOT NULL
        ) STRICT;
        CREATE INDEX edit_of_device ON edit (village, edition, device, start, count);
        CREATE INDEX edit_for_village ON edit (village, number, device);

        CREATE TABLE parked_edit (
            number INTEGER PRIMARY KEY,
            village INTEGER NOT NULL,
            edition INTEGER NOT NULL,
            device INTEGER NOT NULL,
            received_ms INTEGER NOT NULL,
            signature BLOB NOT NULL,
            edits BLOB NOT NULL,
            UNIQUE (village, edition, device)
        ) STRICT;

        CREATE TABLE set_aside (
            number INTEGER PRIMARY KEY,
            hash BLOB NOT NULL UNIQUE,
            device INTEGER NOT NULL,
            code TEXT NOT NULL,
            subject TEXT NOT NULL,
            evidence BLOB NOT NULL,
            received_ms INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE session (
            token_hash BLOB PRIMARY KEY,
            device INTEGER NOT NULL,
            expires_ms INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX session_by_end ON session (expires_ms);
        CREATE INDEX session_of_device ON session (device);

        CREATE TABLE invitation (
            code_hash BLOB PRIMARY KEY,
            village INTEGER NOT NULL,
            expires_ms INTEGER NOT NULL,
            used_by INTEGER
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE user (
            name TEXT PRIMARY KEY,
            role TEXT NOT NULL,
            password_hash TEXT NOT NULL,
            since_ms INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE act (
            number INTEGER PRIMARY KEY,
            at_ms INTEGER NOT NULL,
            actor TEXT NOT NULL,
            act TEXT NOT NULL,
            subject TEXT NOT NULL
        ) STRICT;
        ",
        ),
        M::up("ALTER TABLE user ADD COLUMN operator INTEGER NOT NULL DEFAULT 0;"),
        // When a device last spoke: who is silent, and who was missing at a close.
        M::up(
            "CREATE TABLE heard (
                device INTEGER PRIMARY KEY,
                at_ms INTEGER NOT NULL
            ) STRICT;",
        ),
        M::up(
            "
        CREATE TABLE sealing_key (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            public BLOB NOT NULL
        ) STRICT;

        -- ID and bank numbers, outside all documents. Only the ciphertext holds the number.
        CREATE TABLE sealed_numbers (
            grower INTEGER NOT NULL,
            person INTEGER NOT NULL, -- 0: the head of the household
            kind TEXT NOT NULL, -- id or bank
            ciphertext BLOB NOT NULL,
            last_four TEXT NOT NULL,
            put_ms INTEGER NOT NULL,
            put_by TEXT NOT NULL,
            approved_by TEXT NOT NULL,
            PRIMARY KEY (grower, person, kind)
        ) STRICT, WITHOUT ROWID;
        ",
        ),
        // The canonical data of closed statements: the leaves of a close's root.
        M::up(
            "CREATE TABLE closed_statement (
                village INTEGER NOT NULL,
                month TEXT NOT NULL,
                grower INTEGER NOT NULL,
                bytes BLOB NOT NULL,
                PRIMARY KEY (village, month, grower)
            ) STRICT, WITHOUT ROWID;",
        ),
        // Where the log stood when a sealed number last changed.
        M::up(
            "CREATE TABLE sealed_change (
                one INTEGER PRIMARY KEY CHECK (one = 1),
                after INTEGER NOT NULL
            ) STRICT;
            INSERT INTO sealed_change (one, after)
            SELECT 1, last_number FROM county WHERE EXISTS (SELECT 1 FROM sealed_numbers);",
        ),
        // Who reads pages: users of the office by name, households by their key.
        M::up(
            "CREATE TABLE page_session (
                token_hash BLOB PRIMARY KEY,
                user TEXT,
                grower INTEGER,
                expires_ms INTEGER NOT NULL,
                CHECK ((user IS NULL) <> (grower IS NULL))
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX page_session_by_end ON page_session (expires_ms);",
        ),
        // Households' cards. One of a household opens its pages at a time.
        M::up(
            "CREATE TABLE card (
                token_hash BLOB PRIMARY KEY,
                grower INTEGER NOT NULL,
                pin_hash TEXT NOT NULL,
                issued_ms INTEGER NOT NULL,
                issued_by TEXT NOT NULL,
                wrong_pins INTEGER NOT NULL,
                locked_until_ms INTEGER NOT NULL,
                revoked_ms INTEGER
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX card_of_grower ON card (grower, issued_ms);
            CREATE UNIQUE INDEX card_in_use ON card (grower) WHERE revoked_ms IS NULL;",
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_apply_from_nothing() {
        migrations().validate().unwrap();
    }
}
