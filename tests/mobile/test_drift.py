"""Bindings and library of different builds are refused. Kotlin and Swift compare their checksums when they
load the library; in Python UniFFI writes the comparison and leaves it to the caller."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import courtyard_mobile as core


class Drift(unittest.TestCase):
    def load(self, source):
        here = pathlib.Path(core.__file__)
        with tempfile.TemporaryDirectory() as folder:
            for library in here.parent.glob("libcourtyard_mobile.*"):
                shutil.copy(library, folder)
            (pathlib.Path(folder) / here.name).write_text(source, encoding="utf-8")
            compare = "import courtyard_mobile as core; core._uniffi_check_api_checksums(core._UniffiLib)"
            return subprocess.run([sys.executable, "-c", compare], cwd=folder, env={}, capture_output=True, text=True)

    def test_bindings_that_disagree_with_the_library_are_refused(self):
        source = pathlib.Path(core.__file__).read_text(encoding="utf-8")
        loaded = self.load(source)
        self.assertEqual(loaded.returncode, 0, loaded.stderr)
        checked = re.compile(r"(checksum_method_courtyard_weigh\(\) != )(\d+)")
        self.assertTrue(checked.search(source))
        drifted = checked.sub(lambda found: found[1] + str((int(found[2]) + 1) % 65_536), source)
        loaded = self.load(drifted)
        self.assertNotEqual(loaded.returncode, 0)
        self.assertIn("checksum mismatch", loaded.stderr)
