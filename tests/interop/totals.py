"""Totals of a file of purchases by village and month, with decimal, compared with a demo's JSON.

usage: totals.py PICKUPS.csv DEMO.json
"""

import csv
import json
import sys
import unittest
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

PICKUPS, DEMO = sys.argv[1:3]
del sys.argv[1:]


def totals(path):
    by_village = defaultdict(lambda: [0, 0, 0])
    by_month = defaultdict(lambda: [0, 0, 0])
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            net_kg = Decimal(row["gross_kg"]) - Decimal(row["tare_kg"])
            net_g = int(net_kg * 1000)
            fen = int((net_kg * Decimal(row["yuan_per_kg"]) * 100).quantize(Decimal(1), ROUND_HALF_UP))
            for table, key in ((by_village, row["village"]), (by_month, row["date"][:7])):
                table[key][0] += 1
                table[key][1] += net_g
                table[key][2] += fen
    return by_village, by_month


class Totals(unittest.TestCase):
    def setUp(self):
        self.by_village, self.by_month = totals(PICKUPS)
        with open(DEMO, encoding="utf-8") as file:
            self.demo = json.load(file)

    def shown(self, table):
        return {k: [v["purchases"], v["net_g"], v["amount_fen"]] for k, v in table.items()}

    def test_every_village_agrees_to_the_gram_and_the_fen(self):
        self.assertEqual(self.shown(self.demo["by_village"]), dict(self.by_village))

    def test_every_month_agrees_to_the_gram_and_the_fen(self):
        self.assertEqual(self.shown(self.demo["by_month"]), dict(self.by_month))

    def test_the_whole_is_the_sum_of_its_villages(self):
        whole = [sum(column) for column in zip(*self.by_village.values())]
        self.assertEqual([self.demo[k] for k in ("purchases", "net_g", "amount_fen")], whole)


unittest.main(verbosity=2)
