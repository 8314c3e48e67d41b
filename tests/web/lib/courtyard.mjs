// The real binary for tests in a browser: commands, servers on ports of their own, phones as folders.
// Everything lives in a temporary folder and ends with the test.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../../target/release/courtyard', import.meta.url));
export const binary = process.env.COURTYARD ?? built;

/** Runs `courtyard` with these words; `input` is its standard input. */
export function courtyard(words, input = '') {
  const ran = spawnSync(binary, words, { input, encoding: 'utf8', timeout: 120_000, maxBuffer: 1 << 26 });
  if (ran.error) throw ran.error;
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

/** Runs it, expects success, and gives its JSON. */
export function asked(words, input) {
  const said = courtyard(words, input);
  if (said.code !== 0) throw new Error(`courtyard ${words.join(' ')}\nended with ${said.code}\n${said.err}${said.out}`);
  return JSON.parse(said.out);
}

/** A county in a temporary folder: its server's data, its phones. */
export class County {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'courtyard-web-'));
    this.data = join(this.folder, 'server');
  }

  /** `courtyard admin …`, `report …`, on the server's data. */
  office(...words) {
    return asked([...words, '--json', '--data', this.data]);
  }

  /** Imports a file of this text. */
  import(what, text) {
    const file = join(this.folder, `${what}.csv`);
    writeFileSync(file, text);
    return this.office('import', what, file);
  }

  /** `courtyard steward …` on the phone of this name. */
  phone(name, ...words) {
    return asked(['steward', '--json', '--data', join(this.folder, name), ...words]);
  }

  /** Enrols the phone of this name with an invitation. */
  enrol(name, invitation) {
    return this.phone(name, 'enrol', '--invitation', invitation);
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Starts a `courtyard` that says where it listens; it ends when its standard input closes. */
async function start(words, saysWhere) {
  const child = spawn(binary, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  const server = { said: '', address: '' };
  const ended = new Promise((done) => child.once('exit', done));
  server.stop = async () => {
    child.stdin.end();
    child.kill('SIGINT');
    // It finishes what has begun; what does not end by itself is ended.
    const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(late);
  };
  await new Promise((up, failed) => {
    const late = setTimeout(() => failed(new Error(`it did not come up:\n${server.said}`)), 300_000);
    const hear = (line) => {
      server.said += `${line}\n`;
      const address = saysWhere(line);
      if (address) {
        server.address = address;
        clearTimeout(late);
        up();
      }
    };
    createInterface({ input: child.stdout }).on('line', hear);
    createInterface({ input: child.stderr }).on('line', hear);
    child.once('exit', (code) => {
      clearTimeout(late);
      failed(new Error(`it ended with ${code}:\n${server.said}`));
    });
  });
  return server;
}

/** `courtyard serve` on a port of its own, or again on the one it had. */
export function serve(data, listen = '127.0.0.1:0') {
  return start(
    ['serve', '--until-stdin-closes', '--listen', listen, '--data', data],
    (line) => line.match(/^listening on (\S+)/)?.[1],
  );
}

/** The seeded demo in this folder, kept up: its address, and how people get in. */
export async function demo(data) {
  let ended;
  const words = ['demo', '--json', '--listen', '127.0.0.1:0', '--data', data];
  const server = await start(words, (line) => {
    if (line.startsWith('{')) ended = JSON.parse(line);
    return ended?.logins.address;
  });
  return Object.assign(server, { logins: ended.logins });
}

/** Today in Asia/Shanghai, as a purchase's date. */
export function today() {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date());
}
