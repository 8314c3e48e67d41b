-- The truth, version 4: certificates, revocations, decisions and closes have an index of their own,
-- by which a store reads the district's rulings.
CREATE INDEX entries_rulings ON entries (kind) WHERE kind IN (5, 7, 21, 69, 80);
