#!/usr/bin/env python3
"""A second reader of the rows, written from docs/sync-protocol.md alone.

Reads core/tests/vectors/rows.json and must get the entries and edits beside the rows.
"""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MASK = (1 << 64) - 1


def signed(value):
    value &= MASK
    return value - (1 << 64) if value >> 63 else value


# The coder.
class Bit:
    def __init__(self):
        self.one, self.seen = 32768, 0


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0
        self.low, self.high = 0, 0xFFFFFFFF
        self.value = int.from_bytes(bytes(self.byte(i) for i in range(4)), "big")

    def byte(self, place):
        return self.data[place] if place < len(self.data) else 0

    def even(self, one=32768):
        split = self.low + ((self.high - self.low) * one >> 16)
        bit = self.value <= split
        if bit:
            self.high = split
        else:
            self.low = split + 1
        while self.low >> 24 == self.high >> 24:
            self.low = self.low << 8 & 0xFFFFFFFF
            self.high = (self.high << 8 | 255) & 0xFFFFFFFF
            self.value = (self.value << 8 | self.byte(self.at + 4)) & 0xFFFFFFFF
            self.at += 1
        return bit

    def bit(self, model):
        bit = self.even(model.one)
        share = 131072 // (2 * model.seen + 3)
        if bit:
            model.one += (65535 - model.one) * share >> 16
        else:
            model.one -= model.one * share >> 16
        model.one = min(max(model.one, 24), 65511)
        model.seen = min(model.seen + 1, 60)
        return bit

    def tree(self, nodes):
        node = 1
        while node < len(nodes):
            node = 2 * node + self.bit(nodes[node])
        return node - len(nodes)

    def ended(self):
        for length in range(5):
            unit = 1 << 8 * (4 - length)
            value = -(-self.low // unit) * unit
            if value <= self.high:
                return self.data[self.at :] == value.to_bytes(4, "big")[:length]
        return False


def tree(size):
    return [Bit() for _ in range(size)]


# The models; each yields its bits in the order in which the prior numbers them.
class Flag:
    def __init__(self):
        self.model = Bit()

    def bits(self):
        yield self.model

    def read(self, r):
        return r.bit(self.model)


class Int:
    def __init__(self):
        self.hit, self.missed, self.sign = [Bit(), Bit()], False, Bit()
        self.length, self.top = tree(64), [tree(4) for _ in range(24)]

    def bits(self):
        yield from self.hit
        yield self.sign
        yield from self.length[1:]
        for top in self.top[1:]:
            yield from top[1:]

    def read(self, r):
        hit = r.bit(self.hit[self.missed])
        self.missed = not hit
        if hit:
            return 0
        negative = r.bit(self.sign)
        place = r.tree(self.length)
        size, left = 1, place
        if place < 24 and place >= 2:
            size, left = 4 | r.tree(self.top[place]), place - 2
        elif place == 1:
            size, left = 2 | r.bit(self.top[1][1]), 0
        for _ in range(left):
            size = size << 1 | r.even()
        return signed(-size if negative else size)


class Symbol:
    def __init__(self, size):
        self.nodes = tree(size)

    def bits(self):
        yield from self.nodes[1:]

    def read(self, r):
        return r.tree(self.nodes)


class Seen:
    def __init__(self, contexts):
        self.known, self.values, self.oldest, self.last = [Bit() for _ in range(9)], [], 0, 0
        self.places = [tree(128) for _ in range(contexts)]

    def read(self, r, context=0):
        if r.bit(self.known[len(self.values).bit_length()]):
            return self.values[r.tree(self.places[context])]
        return None

    def remember(self, value):
        self.last = value
        if len(self.values) < 128:
            self.values.append(value)
        else:
            self.values[self.oldest] = value
            self.oldest = (self.oldest + 1) % 128
        return value


class Cached:
    def __init__(self):
        self.seen, self.fresh = Seen(6), Int()

    def bits(self):
        yield from self.seen.known
        yield from self.fresh.bits()

    def read(self, r, context=0):
        known = self.seen.read(r, context)
        return self.seen.remember(self.fresh.read(r)) if known is None else known


class Id:
    def __init__(self):
        self.seen, self.device, self.number = Seen(1), Int(), Int()
        self.seen.last = (0, 0)

    def bits(self):
        yield from self.seen.known
        yield from self.device.bits()
        yield from self.number.bits()

    def read(self, r):
        known = self.seen.read(r)
        if known is not None:
            return list(known)
        device, number = self.seen.last
        device += self.device.read(r)
        number += self.number.read(r)
        return list(self.seen.remember((device, number)))


class Text:
    def __init__(self, letters):
        self.known, self.place, self.length = Bit(), tree(16), Int()
        self.seen, self.oldest, self.letters = [], 0, letters

    def bits(self):
        yield self.known
        yield from self.length.bits()

    def read(self, r):
        if r.bit(self.known):
            return self.seen[r.tree(self.place)]
        text = self.letters.read(r, self.length.read(r)).decode()
        if len(self.seen) < 16:
            self.seen.append(text)
        else:
            self.seen[self.oldest] = text
            self.oldest = (self.oldest + 1) % 16
        return text


class Letters:
    def __init__(self):
        self.trees = [tree(256) for _ in range(32)]

    def read(self, r, length):
        text, before = bytearray(), 0
        for _ in range(length):
            before = r.tree(self.trees[before >> 3])
            text.append(before)
        return bytes(text)


def even_bytes(r, model, guess):
    length = guess + model.read(r)
    return bytes(sum(r.even() << place for place in range(8)) for _ in range(length))


# The columns.
class Columns:
    def __init__(self, **models):
        self.__dict__.update(models)
        self.declared = list(models.values())

    def bits(self):
        for model in self.declared:
            for one in model if isinstance(model, list) else [model]:
                yield from one.bits()


def ints(count):
    return [Int() for _ in range(count)]


class Rows:
    def __init__(self, data, prior):
        self.r = Reader(data)
        letters = self.letters = Letters()
        text = lambda: Text(letters)
        self.as_bytes, self.bytes_length = Flag(), Int()
        self.envelope = Columns(
            reissued=Flag(), kind=Int(), version=Int(), lamport=ints(2), date=ints(2), later=Int(),
            time=Int(), uptime=ints(2), entity=ints(2), operator=ints(2), origin=Id(), hash=Int())
        self.slip = Columns(
            grower=Id(), lines=Int(), product=Cached(), grade=Symbol(32), weighings=Int(),
            gross=ints(8), tare=Cached(), deductions=Int(), share=Flag(), deduction=Int(),
            reason=text(), segments=Int(), weight=Int(), price=ints(3), odd=Int(),
            price_reason=Symbol(8), amount=Int(), on_contract=Flag(), contract=Id(),
            from_list=Flag(), list=Int())
        self.payout = Columns(
            grower=Id(), cash=Int(), allocations=Int(), slip=Id(), amount=ints(2), rounding=Int())
        self.void = Columns(
            target=Id(), hash=Int(), grower=Id(), reason=text(), replaced=Flag(), replacement=Id())
        self.contract = Columns(
            contract=Id(), version=Int(), grower=Id(), product=Cached(), area=Cached(),
            quantity=Cached(), floor=Cached(), start=Int(), end=Int(), tolerance=Cached(),
            beyond=Symbol(4))
        self.note = Columns(has_about=Flag(), about=Id(), text=text())
        self.price_list = Columns(
            version=Int(), start=Int(), rows=Int(), product=Int(), grade=ints(2), price=ints(2),
            odd=Int())
        self.products = Columns(
            items=Int(), number=Int(), code=text(), name=text(), category=text(), grades=Int(),
            grain=Flag(), has_yield=Flag(), usual_yield=Int())
        self.rules = Columns(entities=Int(), number=Int(), name=text(), limits=Int())
        self.village = Columns(number=Int(), name=text(), entity=Int())
        self.certificate = Columns(
            device=Int(), key=Int(), role=Symbol(8), has_village=Flag(), village=Int(),
            signature=Int())
        self.edit = Columns(
            device=Int(), number=Int(), deps=Int(), dep=Int(), assignments=Int(), key=text(),
            shape=[Symbol(8) for _ in range(4)], items=ints(4), int=ints(4), boolean=Flag(),
            bytes=Int(), text=text())
        self.last = None
        self.last_edit = (0, 0)
        self.prices, self.of_product, self.last_list = {}, {}, 0
        self.last_terms = (0, 0)
        self.listed, self.list_prices, self.last_version, self.last_start = [], {}, 0, 0
        self.last_number = self.last_grades = 0
        self.last_village = self.last_device = self.last_served = 0
        self.lay(prior)

    def lay(self, prior):
        numbered = [self.as_bytes, self.bytes_length, self.envelope, self.slip, self.payout,
                    self.void, self.contract, self.note, self.price_list, self.products,
                    self.rules, self.village, self.certificate, self.edit]
        bits = [bit for model in numbered for bit in model.bits()]
        at = place = 0
        while at < len(prior):
            left, shift = 0, 0
            while True:
                byte = prior[at]
                at += 1
                left |= (byte & 127) << shift
                shift += 7
                if byte < 128:
                    break
            place += left
            bits[place].one = int.from_bytes(prior[at : at + 2], "big")
            bits[place].seen = prior[at + 2]
            place += 1
            at += 3

    def item(self, columns):
        if self.as_bytes.read(self.r):
            return self.letters.read(self.r, self.bytes_length.read(self.r))
        return cbor(columns())

    def entry(self):
        r, e, last = self.r, self.envelope, self.last
        first = last is None
        if first:
            last = dict(kind=16, lamport=0, date=20454, wall=0, start=20454 * 86400, entity=0,
                        operator=0)
        reissued = e.reissued.read(r)
        kind = last["kind"] + e.kind.read(r)
        version = 1 + e.version.read(r)
        lamport = last["lamport"] + 1 + e.lamport[first].read(r)
        date = last["date"] + e.date[first].read(r)
        if date == last["date"] and not first:
            wall = last["wall"] + e.later.read(r)
        else:
            wall = date * 86400 - 28800 + 18000 + e.time.read(r)
        uptime = wall - last["start"] + e.uptime[first].read(r)
        entity = last["entity"] + e.entity[first].read(r)
        operator = last["operator"] + e.operator[first].read(r)
        self.last = dict(kind=kind, lamport=lamport, date=date, wall=wall, start=wall - uptime,
                         entity=entity, operator=operator)
        body = {16: self.read_slip, 40: self.read_payout, 17: self.read_void,
                24: self.read_contract, 64: self.read_note, 2: self.read_price_list,
                1: self.read_products, 3: self.read_rules, 4: self.read_village,
                5: self.read_certificate}[kind]()
        entry = [kind, version, lamport, date, wall, uptime, entity, operator, body]
        if reissued:
            entry.append([e.origin.read(r), even_bytes(r, e.hash, 32)])
        return entry

    def read_slip(self):
        r, s = self.r, self.slip
        from_list = s.from_list.read(r)
        slip = [s.grower.read(r), [self.read_line() for _ in range(1 + s.lines.read(r))]]
        if from_list:
            self.last_list += s.list.read(r)
            slip.append(self.last_list)
        return slip

    def read_line(self):
        r, s = self.r, self.slip
        on_contract = s.on_contract.read(r)
        product = s.product.read(r)
        grade = s.grade.read(r)
        before = self.of_product.get(product)
        gross, last_price = before or (0, 0)
        net, weighings = 0, []
        for _ in range(1 + s.weighings.read(r)):
            size = bits_of(gross)
            gross = s.gross[size and min(max(size - 8, 1), 7)].read(r)
            tare = s.tare.read(r, min(max(bits_of(gross) - 12, 0), 5))
            weighings.append([gross, tare])
            net += gross - tare
        left, deductions = net, []
        for _ in range(s.deductions.read(r)):
            share = s.share.read(r)
            amount = s.deduction.read(r)
            deductions.append([[int(share), [amount]], s.reason.read(r)])
            left -= (net * amount + 5000) // 10000 if share else amount
        segments, exact = [], 0
        for _ in range(1 + s.segments.read(r)):
            weight = left + s.weight.read(r)
            left -= weight
            if (product, grade) in self.prices:
                model, guess = s.price[0], self.prices[product, grade]
            elif before:
                model, guess = s.price[1], before[1]
            else:
                model, guess = s.price[2], 0
            odd = s.odd.read(r)
            last_price = (guess // 10 + model.read(r)) * 10 + odd
            self.prices[product, grade] = last_price
            exact += weight * last_price
            segments.append([weight, last_price, s.price_reason.read(r)])
        self.of_product[product] = (gross, last_price)
        amount = (exact + 5000) // 10000 + s.amount.read(r)
        line = [product, grade, weighings, deductions, segments, amount]
        return line + [s.contract.read(r)] if on_contract else line

    def read_payout(self):
        r, p = self.r, self.payout
        grower, cash = p.grower.read(r), p.cash.read(r)
        left, count, allocations = cash, 1 + p.allocations.read(r), []
        for _ in range(count):
            slip = p.slip.read(r)
            amount = left + p.amount[count != 1].read(r)
            left -= amount
            allocations.append([slip, amount])
        return [grower, cash, allocations, left + p.rounding.read(r)]

    def read_void(self):
        r, v = self.r, self.void
        replaced = v.replaced.read(r)
        void = [v.target.read(r), even_bytes(r, v.hash, 32), v.grower.read(r), v.reason.read(r)]
        return void + [v.replacement.read(r)] if replaced else void

    def read_contract(self):
        r, c = self.r, self.contract
        head = [c.contract.read(r), 1 + c.version.read(r), c.grower.read(r)]
        head += [model.read(r) for model in (c.product, c.area, c.quantity, c.floor)]
        start = self.last_terms[0] + c.start.read(r)
        end = start + self.last_terms[1] + c.end.read(r)
        self.last_terms = (start, end - start)
        return head + [start, end, c.tolerance.read(r), c.beyond.read(r)]

    def read_note(self):
        r, n = self.r, self.note
        about = n.about.read(r) if n.has_about.read(r) else None
        return [about, n.text.read(r)]

    def read_price_list(self):
        r, p = self.r, self.price_list
        self.last_version += 1 + p.version.read(r)
        self.last_start += 1 + p.start.read(r)
        product, grade, price, rows = 0, -1, 0, []
        for _ in range(len(self.listed) + p.rows.read(r)):
            after = [row for row in self.listed if row > (product, grade)]
            guess = after[0] if after else (product + 1, 0)
            same = guess[0] + p.product.read(r)
            if same == product:
                grade = grade + 1 + p.grade[0].read(r)
            else:
                grade = (guess[1] if same == guess[0] else 0) + p.grade[1].read(r)
            product = same
            known = (product, grade) in self.list_prices
            guess = self.list_prices[product, grade] if known else price
            odd = p.odd.read(r)
            price = (guess // 10 + p.price[not known].read(r)) * 10 + odd
            self.list_prices[product, grade] = price
            rows.append([product, grade, price])
        self.listed = sorted((row[0], row[1]) for row in rows)
        return [self.last_version, self.last_start, rows]

    def read_products(self):
        r, p, items = self.r, self.products, []
        for _ in range(1 + p.items.read(r)):
            has_yield = p.has_yield.read(r)
            self.last_number += 1 + p.number.read(r)
            item = [self.last_number, p.code.read(r), p.name.read(r), p.category.read(r)]
            self.last_grades += p.grades.read(r)
            item += [self.last_grades, p.grain.read(r)]
            items.append(item + [p.usual_yield.read(r)] if has_yield else item)
        return [items]

    def read_rules(self):
        r, rules, number, entities = self.r, self.rules, -1, []
        for _ in range(rules.entities.read(r)):
            number += 1 + rules.number.read(r)
            entities.append([number, rules.name.read(r)])
        return [entities] + [rules.limits.read(r) for _ in range(4)]

    def read_village(self):
        r, v = self.r, self.village
        self.last_village += 1 + v.number.read(r)
        name = v.name.read(r)
        return [self.last_village, name, self.last_village + v.entity.read(r)]

    def read_certificate(self):
        r, c = self.r, self.certificate
        self.last_device += 1 + c.device.read(r)
        key, role, village = even_bytes(r, c.key, 32), c.role.read(r), None
        if c.has_village.read(r):
            village = self.last_served = self.last_served + c.village.read(r)
        return [self.last_device, key, role, village, even_bytes(r, c.signature, 64)]

    def read_edit(self):
        r, e = self.r, self.edit
        device = self.last_edit[0] + e.device.read(r)
        number = self.last_edit[1] + 1 + e.number.read(r)
        self.last_edit = (device, number)
        deps = [even_bytes(r, e.dep, 32) for _ in range(1 + e.deps.read(r))]
        pairs = [[e.key.read(r), self.value(0)] for _ in range(1 + e.assignments.read(r))]
        return [device, number, deps, pairs]

    def value(self, depth):
        r, e = self.r, self.edit
        shape = e.shape[depth].read(r)
        if shape == 3:
            return [self.value(depth + 1) for _ in range(2 + e.items[depth].read(r))]
        readers = {0: lambda: e.int[depth].read(r), 1: lambda: e.text.read(r),
                   2: lambda: even_bytes(r, e.bytes, 0), 4: lambda: e.boolean.read(r),
                   5: lambda: None}
        return readers[shape]()


def bits_of(value):
    return value.bit_length() if value > 0 else 0


def cbor(value):
    def head(major, argument):
        for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
            if argument < 24:
                return bytes([major << 5 | argument])
            if argument >> 8 * size == 0:
                return bytes([major << 5 | info]) + argument.to_bytes(size, "big")

    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    return head(4, len(value)) + b"".join(map(cbor, value))


def main():
    prior = (ROOT / "core/src/wire/rows/prior.bin").read_bytes()
    cases = json.loads((ROOT / "core/tests/vectors/rows.json").read_text())
    for case in cases:
        rows = Rows(bytes.fromhex(case["rows"]), prior)
        entries = [rows.item(rows.entry).hex() for _ in case["entries"]]
        edits = [rows.item(rows.read_edit).hex() for _ in case["edits"]]
        if (entries, edits) != (case["entries"], case["edits"]) or not rows.r.ended():
            sys.exit(f"{case['name']}: read otherwise")
    print(f"Ran {len(cases)} tests: cases of rows.json, read by the second reader")


if __name__ == "__main__":
    main()
