/**
 * Reserved IV high words over restarts, broken files and `kill -9` (RFC 8221 §3).
 * @module
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { IpsecError } from '#core/base/error.ts';
import { silentLog, type Log } from '#core/base/port.ts';
import { KeyMaterial } from '#core/crypto/key-material.ts';
import { FileIvStore } from '#core/helper/iv-store.ts';

const key = (fill: number) => new KeyMaterial(new Uint8Array(36).fill(fill));
const file = 'iv-reservations.json';

function inDirectory(run: (directory: string) => void | Promise<void>) {
  return async () => {
    const parent = mkdtempSync(join(tmpdir(), 'culvert-iv-'));
    try {
      await run(join(parent, 'state'));
    } finally {
      rmSync(parent, { recursive: true });
    }
  };
}

function reserveOnce(directory: string, keys: readonly KeyMaterial[]): readonly number[] {
  const store = FileIvStore.open(directory, silentLog);
  try {
    return store.reserve(keys);
  } finally {
    store.close();
  }
}

function isStateError(error: unknown): boolean {
  return error instanceof IpsecError && error.code === 'STATE_UNWRITABLE';
}

test(
  'a key counts on by one over restarts, and each key by itself',
  inDirectory((directory) => {
    const [first] = reserveOnce(directory, [key(1)]);
    const [other] = reserveOnce(directory, [key(2)]);
    assert.ok(first !== undefined && other !== undefined);
    assert.notEqual(first, other, 'two random 32-bit starts');
    const next = (value: number, by: number) => (value + by) % 2 ** 32;
    assert.deepEqual(reserveOnce(directory, [key(1), key(2), key(1)]), [
      next(first, 1),
      next(other, 1),
      next(first, 2),
    ]);
  }),
);

test(
  'the file is 0600 in a 0700 directory and holds no key',
  inDirectory((directory) => {
    reserveOnce(directory, [key(0xab)]);
    assert.equal(statSync(directory).mode & 0o7777, 0o700);
    assert.equal(statSync(join(directory, file)).mode & 0o7777, 0o600);
    assert.deepEqual(readdirSync(directory), [file]);
    assert.doesNotMatch(readFileSync(join(directory, file), 'utf8'), /abab/i);
  }),
);

test(
  'the same key has another fingerprint in another installation',
  inDirectory((directory) => {
    const fingerprint = (where: string): string => {
      reserveOnce(where, [key(1)]);
      return String(JSON.parse(readFileSync(join(where, file), 'utf8')).keys[0][0]);
    };
    assert.notEqual(fingerprint(join(directory, 'a')), fingerprint(join(directory, 'b')));
  }),
);

test(
  'the last high word is followed by 0, and no range is given out twice',
  inDirectory((directory) => {
    reserveOnce(directory, [key(1)]);
    const path = join(directory, file);
    const record = JSON.parse(readFileSync(path, 'utf8'));
    record.keys[0] = [record.keys[0][0], 2 ** 32 - 1, 1];
    writeFileSync(path, JSON.stringify(record));
    assert.deepEqual(reserveOnce(directory, [key(1)]), [0]);
    record.keys[0] = [record.keys[0][0], 7, 2 ** 32];
    writeFileSync(path, JSON.stringify(record));
    assert.throws(() => reserveOnce(directory, [key(1)]), isStateError);
  }),
);

test(
  'a broken file is kept beside, said in the log, and not trusted in any part',
  inDirectory((directory) => {
    reserveOnce(directory, [key(1)]);
    const path = join(directory, file);
    const whole = readFileSync(path, 'utf8');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 2 }), (cut) => {
        writeFileSync(path, whole.slice(0, cut));
        const lines: string[] = [];
        const log: Log = { ...silentLog, error: (message) => lines.push(message) };
        FileIvStore.open(directory, log).close();
        assert.equal(lines.length, 1);
        const kept = readdirSync(directory).filter((name) => name.startsWith(`${file}.broken-`));
        assert.equal(kept.length, 1);
        assert.equal(readFileSync(join(directory, kept[0] ?? ''), 'utf8'), whole.slice(0, cut));
        rmSync(join(directory, kept[0] ?? ''));
      }),
      { numRuns: 40 },
    );
  }),
);

test(
  'a half-written new file beside the good one changes nothing',
  inDirectory((directory) => {
    const [first] = reserveOnce(directory, [key(1)]);
    writeFileSync(join(directory, `${file}.new`), '{"version":1,"sal');
    assert.deepEqual(reserveOnce(directory, [key(1)]), [((first ?? 0) + 1) % 2 ** 32]);
  }),
);

test(
  'a lock that nobody can be found for is told with its path and what to do',
  inDirectory((directory) => {
    reserveOnce(directory, [key(1)]);
    writeFileSync(join(directory, 'lock'), 'garbage');
    const message = new RegExp(`^${join(directory, 'lock')}: .*where none runs, remove it$`);
    assert.throws(() => FileIvStore.open(directory, silentLog), { code: 'STATE_BUSY', message });
  }),
);

test(
  'two stores cannot have one directory, and a store that lost its lock gives nothing out',
  inDirectory((directory) => {
    const store = FileIvStore.open(directory, silentLog);
    assert.throws(() => FileIvStore.open(directory, silentLog), { code: 'STATE_BUSY' });
    writeFileSync(join(directory, 'lock'), '1 1 other');
    assert.throws(() => store.reserve([key(1)]), isStateError);
  }),
);

test(
  'nothing is given out that could not be written',
  inDirectory((directory) => {
    const store = FileIvStore.open(directory, silentLog);
    const [first] = store.reserve([key(1)]);
    const obstacle = join(directory, `${file}.new`);
    rmSync(obstacle, { force: true });
    // A directory in the place of the draft: open(2) for writing fails, also for root.
    mkdirSync(obstacle);
    assert.throws(() => store.reserve([key(1)]), isStateError);
    rmdirSync(obstacle);
    assert.deepEqual(store.reserve([key(1)]), [((first ?? 0) + 1) % 2 ** 32]);
    store.close();
  }),
);

test(
  'a directory that others may write is refused and left as it is',
  inDirectory((directory) => {
    reserveOnce(directory, [key(1)]);
    chmodSync(directory, 0o777);
    assert.throws(() => FileIvStore.open(directory, silentLog), isStateError);
    assert.equal(statSync(directory).mode & 0o7777, 0o777);
  }),
);

const crashScript = `
import { writeSync } from 'node:fs';
import { FileIvStore } from '#core/helper/iv-store.ts';
import { KeyMaterial } from '#core/crypto/key-material.ts';
import { silentLog } from '#core/base/port.ts';
const store = FileIvStore.open(process.argv[1], silentLog);
const keys = [1, 2, 3].map((fill) => new KeyMaterial(new Uint8Array(36).fill(fill)));
for (;;) writeSync(1, JSON.stringify(store.reserve(keys)) + '\\n');
`;

/** Reserve in a child until it is killed; what it reports before is what packets could have been sent with. */
async function reserveUntilKilled(directory: string, lines: number, delayMs: number): Promise<number[][]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', crashScript, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  await new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.stdout.on('data', (data) => {
      const isReady = text.split('\n').length > lines;
      text += String(data);
      if (!isReady && text.split('\n').length > lines) setTimeout(() => child.kill('SIGKILL'), delayMs);
    });
  });
  const complete = text.slice(0, text.lastIndexOf('\n'));
  return complete.split('\n').map((line) => JSON.parse(line) as number[]);
}

test(
  'kill -9 at random moments never repeats an IV range, and loses no broken file (RFC 8221 §3)',
  inDirectory(async (directory) => {
    const seen = [new Set<number>(), new Set<number>(), new Set<number>()];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 6, noNaN: true }),
        async (lines, delay) => {
          for (const highs of await reserveUntilKilled(directory, lines, delay)) {
            for (const [index, high] of highs.entries()) {
              assert.equal(seen[index]?.has(high), false, `key ${index} got ${high} twice`);
              seen[index]?.add(high);
            }
          }
          const broken = readdirSync(directory).filter((name) => name.includes('broken'));
          assert.deepEqual(broken, []);
        },
      ),
      { numRuns: 12, endOnFailure: true },
    );
  }),
);
