"""The list of what the library offers: who changes it sees it in the review."""

import os
import pathlib
import unittest

import api

LIST = pathlib.Path(__file__).resolve().parents[2] / "mobile-bindings/api.txt"


class Api(unittest.TestCase):
    maxDiff = None

    def test_the_list_of_what_the_apps_may_call_is_up_to_date(self):
        swift = pathlib.Path(os.environ["SWIFT_BINDINGS"]).read_text(encoding="utf-8")
        self.assertEqual(
            LIST.read_text(encoding="utf-8"), api.listing(swift),
            "renew it with: tests/mobile/run api > mobile-bindings/api.txt",
        )
