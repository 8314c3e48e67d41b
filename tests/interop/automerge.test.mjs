// Every document of an export, opened by @automerge/automerge: same heads, same content.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import assert from "node:assert/strict";
import * as Automerge from "@automerge/automerge";

const folder = process.env.EXPORT;
const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8"));
const load = (document) => Automerge.load(new Uint8Array(readFileSync(join(folder, document.path))));
// A register's texts are plain values, not sequences of characters; the library wraps such texts.
const plain = (value) => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return Automerge.isImmutableString(value) ? value.val : value;
};

test("the export holds books and registers", () => {
  const kinds = new Set(index.documents.map((d) => d.kind));
  assert.deepEqual([...kinds].sort(), ["book", "register"]);
});

test("every book has the head and the entries that Courtyard says", () => {
  const books = index.documents.filter((d) => d.kind === "book");
  for (const book of books) {
    const doc = load(book);
    assert.deepEqual(Automerge.getHeads(doc), book.heads, book.id);
    const hashes = doc.entries.map((e) => createHash("sha256").update(e).digest("hex"));
    assert.deepEqual(hashes, book.entries, book.id);
  }
  console.log(`${books.length} books`);
});

test("every register has the heads and the values that Courtyard says", () => {
  const registers = index.documents.filter((d) => d.kind === "register");
  for (const register of registers) {
    const doc = load(register);
    assert.deepEqual(Automerge.getHeads(doc).sort(), [...register.heads].sort(), register.id);
    const values = Object.fromEntries(Object.entries(doc).map(([key, value]) => [key, plain(value)]));
    assert.deepEqual(values, register.values, register.id);
  }
  console.log(`${registers.length} registers`);
});
