"""What the phones' library offers, a line an item, read from its Swift bindings: they name every type.

    tests/mobile/run api > mobile-bindings/api.txt      renews the list after a wanted change
"""

import pathlib
import re
import sys

BLOCK = re.compile(r"^(?:public )?(protocol|struct|enum|indirect enum) (\w+)")
ITEM = re.compile(r"^    (?:public var (?!errorDescription)|func |case )")
FREE = re.compile(r"^public (?:static )?func (?!FfiConverter|uniffi)")


def listing(swift):
    """The items of a Swift binding, those of a type under its name, in order of their names."""
    types, free = {}, []
    name = None
    lines = iter(swift.splitlines())
    for line in lines:
        block = BLOCK.match(line)
        if block:
            kind, name = block.groups()
            scaffolding = line.startswith("fileprivate") or re.match(r"Uniffi|Ffi|InitializationResult", name)
            name = None if scaffolding else name.removesuffix("Protocol")
            if name:
                types.setdefault(name, [kind.removeprefix("indirect ")])
        elif line == "}" or line.startswith("extension "):
            name = None
        elif name and ITEM.match(line):
            while line.count("(") > line.count(")"):
                line += " " + next(lines).strip()
            types[name].append(tidy(re.sub(r"/\*\*.*?\*/", "", line)))
        elif FREE.match(line):
            free.append(tidy(line))
    said = []
    for name in sorted(types):
        kind, *items = types[name]
        said += [f"{kind} {name}", *(f"    {item}" for item in items)]
    return "\n".join(said + sorted(free)) + "\n"


def tidy(line):
    line = re.sub(r"\s+", " ", line.strip()).replace("public ", "").replace("`", "")
    line = re.sub(r"( throws)? ?(-> \S+)? ?\{.*$", lambda m: (m[1] or "") + (" " + m[2] if m[2] else ""), line)
    return re.sub(r"\)throws", ") throws", line).replace("( ", "(").replace(" )", ")").strip()


if __name__ == "__main__":
    sys.stdout.write(listing(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")))
