-- What the office's pages read beside projections.sql: kept only where `Store::keep_office_tables`
-- asked for it, so that a phone's save never pays for it. Count PROJECTIONS_VERSION up with every
-- change here too: what exists is made again with the other projections.

-- Ways into the slips by day that a phone has no need of.
CREATE INDEX slips_of_village ON slips (village, day);
CREATE INDEX slips_not_counted ON slips (state, day) WHERE state <> 0;
CREATE INDEX slips_unpaid ON slips (day) WHERE remaining_fen > 0;
-- Everything that totals of some growers need, so that their slips are not read one by one.
CREATE INDEX slips_of_grower ON slips (grower, day, village, state, net_g, settlement_g, amount_fen,
                                       paid_fen, remaining_fen);

-- Which slips have a line of a product, by day.
CREATE TABLE sold (
    product INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    slip    INTEGER NOT NULL,
    village INTEGER,
    PRIMARY KEY (product, day, slip)
) STRICT, WITHOUT ROWID;

-- How many slips of a day (day -1000000: of all days) and village stand how, and what they come to: all of them (product -1),
-- and those that have a line of a product. village: -1 without one. unpaid: something is owed.
CREATE TABLE slip_sums (
    product       INTEGER NOT NULL,
    day           INTEGER NOT NULL,
    village       INTEGER NOT NULL,
    state         INTEGER NOT NULL,
    unpaid        INTEGER NOT NULL,
    slips         INTEGER NOT NULL,
    net_g         INTEGER NOT NULL,
    settlement_g  INTEGER NOT NULL,
    amount_fen    INTEGER NOT NULL,
    paid_fen      INTEGER NOT NULL,
    remaining_fen INTEGER NOT NULL,
    PRIMARY KEY (product, day, village, state, unpaid)
) STRICT, WITHOUT ROWID;

-- A slip as rows of sums: its day's, and that of all days. What is held may say anything: it counts at most as much as one slip may
-- come to (ledger/slip.rs), so that no sum overflows.
CREATE VIEW slip_figures AS SELECT
    id, iif(of_all_days, -1000000, day) AS day, coalesce(village, -1) AS village, state, remaining_fen > 0 AS unpaid, 1 AS slips,
    max(-1000000000, min(1000000000, net_g)) AS net_g,
    max(-1000000000, min(1000000000, settlement_g)) AS settlement_g,
    max(-10000000000, min(10000000000, amount_fen)) AS amount_fen,
    max(-10000000000, min(10000000000, paid_fen)) AS paid_fen,
    max(-10000000000, min(10000000000, remaining_fen)) AS remaining_fen
FROM slips CROSS JOIN (SELECT 0 AS of_all_days UNION ALL SELECT 1);

INSERT INTO sold SELECT DISTINCT l.product, s.day, s.id, s.village
FROM lines l JOIN slips s ON s.id = l.slip ORDER BY 1, 2, 3;

INSERT INTO slip_sums
SELECT -1, day, village, state, unpaid, sum(slips), sum(net_g), sum(settlement_g), sum(amount_fen),
       sum(paid_fen), sum(remaining_fen)
FROM slip_figures GROUP BY day, village, state, unpaid
UNION ALL
SELECT o.product, f.day, f.village, f.state, f.unpaid, sum(f.slips), sum(f.net_g),
       sum(f.settlement_g), sum(f.amount_fen), sum(f.paid_fen), sum(f.remaining_fen)
FROM sold o CROSS JOIN slip_figures f ON f.id = o.slip
GROUP BY o.product, f.day, f.village, f.state, f.unpaid;

-- A slip comes before its lines; either may be removed first.
CREATE TRIGGER sums_take_slip AFTER INSERT ON slips BEGIN
    INSERT INTO slip_sums
    SELECT -1, day, village, state, unpaid, slips, net_g, settlement_g, amount_fen, paid_fen,
           remaining_fen
    FROM slip_figures WHERE id = NEW.id
    ON CONFLICT DO UPDATE SET slips = slips + excluded.slips, net_g = net_g + excluded.net_g,
        settlement_g = settlement_g + excluded.settlement_g,
        amount_fen = amount_fen + excluded.amount_fen, paid_fen = paid_fen + excluded.paid_fen,
        remaining_fen = remaining_fen + excluded.remaining_fen;
END;

CREATE TRIGGER sums_take_line AFTER INSERT ON lines
WHEN NOT EXISTS (SELECT 1 FROM lines
                 WHERE slip = NEW.slip AND product = NEW.product AND line <> NEW.line) BEGIN
    INSERT INTO sold SELECT NEW.product, day, id, village FROM slips WHERE id = NEW.slip;
    INSERT INTO slip_sums
    SELECT NEW.product, day, village, state, unpaid, slips, net_g, settlement_g, amount_fen,
           paid_fen, remaining_fen
    FROM slip_figures WHERE id = NEW.slip
    ON CONFLICT DO UPDATE SET slips = slips + excluded.slips, net_g = net_g + excluded.net_g,
        settlement_g = settlement_g + excluded.settlement_g,
        amount_fen = amount_fen + excluded.amount_fen, paid_fen = paid_fen + excluded.paid_fen,
        remaining_fen = remaining_fen + excluded.remaining_fen;
END;

-- What a slip counts as is taken off before it changes or goes, and added again as it then is.
CREATE TRIGGER sums_leave_slip BEFORE UPDATE OF paid_fen, remaining_fen, state ON slips BEGIN
    UPDATE slip_sums SET slips = slip_sums.slips - f.slips, net_g = slip_sums.net_g - f.net_g,
        settlement_g = slip_sums.settlement_g - f.settlement_g,
        amount_fen = slip_sums.amount_fen - f.amount_fen,
        paid_fen = slip_sums.paid_fen - f.paid_fen,
        remaining_fen = slip_sums.remaining_fen - f.remaining_fen
    FROM slip_figures f
    WHERE f.id = OLD.id AND slip_sums.product IN
            (SELECT -1 UNION ALL SELECT product FROM lines WHERE slip = OLD.id)
        AND slip_sums.day = f.day AND slip_sums.village = f.village
        AND slip_sums.state = f.state AND slip_sums.unpaid = f.unpaid;
END;

CREATE TRIGGER sums_take_slip_again AFTER UPDATE OF paid_fen, remaining_fen, state ON slips BEGIN
    DELETE FROM slip_sums WHERE slips = 0 AND day IN (OLD.day, -1000000) AND product IN
            (SELECT -1 UNION ALL SELECT product FROM lines WHERE slip = OLD.id)
        AND village = coalesce(OLD.village, -1);
    INSERT INTO slip_sums
    SELECT p.product, f.day, f.village, f.state, f.unpaid, f.slips, f.net_g, f.settlement_g,
           f.amount_fen, f.paid_fen, f.remaining_fen
    FROM (SELECT -1 AS product UNION SELECT product FROM lines WHERE slip = NEW.id) p
        CROSS JOIN slip_figures f WHERE f.id = NEW.id
    ON CONFLICT DO UPDATE SET slips = slips + excluded.slips, net_g = net_g + excluded.net_g,
        settlement_g = settlement_g + excluded.settlement_g,
        amount_fen = amount_fen + excluded.amount_fen, paid_fen = paid_fen + excluded.paid_fen,
        remaining_fen = remaining_fen + excluded.remaining_fen;
END;

CREATE TRIGGER sums_lose_slip BEFORE DELETE ON slips BEGIN
    UPDATE slip_sums SET slips = slip_sums.slips - f.slips, net_g = slip_sums.net_g - f.net_g,
        settlement_g = slip_sums.settlement_g - f.settlement_g,
        amount_fen = slip_sums.amount_fen - f.amount_fen,
        paid_fen = slip_sums.paid_fen - f.paid_fen,
        remaining_fen = slip_sums.remaining_fen - f.remaining_fen
    FROM slip_figures f
    WHERE f.id = OLD.id AND slip_sums.product IN
            (SELECT -1 UNION ALL SELECT product FROM lines WHERE slip = OLD.id)
        AND slip_sums.day = f.day AND slip_sums.village = f.village
        AND slip_sums.state = f.state AND slip_sums.unpaid = f.unpaid;
    DELETE FROM slip_sums WHERE slips = 0 AND day IN (OLD.day, -1000000) AND product IN
            (SELECT -1 UNION ALL SELECT product FROM lines WHERE slip = OLD.id)
        AND village = coalesce(OLD.village, -1);
    DELETE FROM sold WHERE day = OLD.day AND slip = OLD.id
        AND product IN (SELECT product FROM lines WHERE slip = OLD.id);
END;

CREATE TRIGGER sums_lose_line AFTER DELETE ON lines
WHEN NOT EXISTS (SELECT 1 FROM lines WHERE slip = OLD.slip AND product = OLD.product) BEGIN
    UPDATE slip_sums SET slips = slip_sums.slips - f.slips, net_g = slip_sums.net_g - f.net_g,
        settlement_g = slip_sums.settlement_g - f.settlement_g,
        amount_fen = slip_sums.amount_fen - f.amount_fen,
        paid_fen = slip_sums.paid_fen - f.paid_fen,
        remaining_fen = slip_sums.remaining_fen - f.remaining_fen
    FROM slip_figures f
    WHERE f.id = OLD.slip AND slip_sums.product = OLD.product
        AND slip_sums.day = f.day AND slip_sums.village = f.village
        AND slip_sums.state = f.state AND slip_sums.unpaid = f.unpaid;
    DELETE FROM slip_sums WHERE slips = 0 AND product = OLD.product
        AND day IN (SELECT day FROM slip_figures WHERE id = OLD.slip);
    DELETE FROM sold WHERE product = OLD.product AND slip = OLD.slip
        AND day = (SELECT day FROM slips WHERE id = OLD.slip);
END;
