-- The truth, version 2: entries are folded by partition (a grower, or cash: a negative key), and
-- `close_index` is the Lamport number of the close that covers an entry; the largest while none
-- does. Version 1 knew no closes.
DROP INDEX entries_in_order;
ALTER TABLE entries RENAME COLUMN grower TO partition;
UPDATE entries SET close_index = 9223372036854775807;
CREATE INDEX entries_in_order ON entries (partition, close_index, lamport, id);
