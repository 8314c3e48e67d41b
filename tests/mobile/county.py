"""A county for the tests of the phones' library: the real binary, real files, real HTTP on loopback."""

import json
import os
import pathlib
import subprocess
import tempfile
import threading
import time

import courtyard_mobile as core

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("COURTYARD", str(ROOT / "target/release/courtyard"))


class County:
    """A village 石桥村 with three products, prices of two, and one grower's contract."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        self.server = None
        self.office("admin", "village", "add", "--name", "石桥村")
        self.take("products", "code,name,category\n102,菠菜,叶菜\n103,黄瓜,瓜果\n104,番茄,瓜果\n")
        self.take("prices", "date,code,grade,price\n2020-01-01,102,A,3.19/kg\n2020-01-01,103,A,1.60/jin\n")
        growers = "name,group,phone,village\n王秀英,2组,13800000001,石桥村\n李国华,3组,13800000002,石桥村\n"
        self.take("growers", growers)

    def office(self, *words):
        """A command of the office; its one JSON value."""
        return self.run([*words, "--json", "--data", str(self.path / "server")])

    def steward(self, data, *words):
        """A command of a phone on the command line; its one JSON value."""
        return self.run(["steward", "--json", "--data", data, *words])

    def run(self, words):
        done = subprocess.run([BINARY, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise AssertionError(f"{words}: {done.stdout}\n{done.stderr}")
        return json.loads(done.stdout)

    def take(self, what, text):
        """Imports a file of this text at the office."""
        file = self.path / f"{what}.csv"
        file.write_text(text, encoding="utf-8")
        return self.office("import", what, str(file))

    def serve(self, listen="127.0.0.1:0"):
        """Starts the server and says where it is."""
        self.server = subprocess.Popen(
            [BINARY, "serve", "--until-stdin-closes", "--listen", listen, "--data", str(self.path / "server")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        line = self.server.stdout.readline().strip()
        self.address = line.removeprefix("listening on ")
        return self.address

    def stop(self):
        """Ends the server: there is no signal any more."""
        if self.server:
            self.server.stdin.close()
            self.server.wait()
            self.server.stdout.close()
            self.server = None

    def close(self):
        self.stop()
        self.folder.cleanup()

    def invite(self):
        """The text of a new invitation."""
        invited = self.office("admin", "invite", "--village", "石桥村", "--address", self.address)
        return invited["invitation"]

    def phone(self, name, clock=None, keys=None):
        """Opens the ledger of a phone."""
        folder = self.path / name
        folder.mkdir(exist_ok=True)
        return core.Courtyard.open(str(folder), clock or Clock(), keys)


class Clock(core.ClockEvidence):
    """The machine's clocks; `wall` and `uptime` stand still where they are set."""

    def __init__(self, wall=None, uptime=None):
        self.wall, self.uptime = wall, uptime

    def wall_s(self):
        return int(time.time()) if self.wall is None else self.wall

    def uptime_s(self):
        return int(time.monotonic()) if self.uptime is None else self.uptime


class Listener(core.SyncListener):
    """Waits for the end of a sync."""

    def __init__(self):
        self.over = threading.Event()
        self.seen = []

    def moved(self, sent, received):
        self.seen.append((sent, received))

    def ended(self, outcome):
        self.outcome = outcome
        self.over.set()


def synced(phone):
    """A whole sync; how it ended."""
    listener = Listener()
    handle = phone.start_sync(listener)
    if not listener.over.wait(60):
        raise AssertionError("the sync does not end")
    del handle
    return listener.outcome
