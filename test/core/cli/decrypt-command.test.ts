/** @module */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { toHex } from '#core/base/bytes.ts';
import { inputOfBytes } from '#core/capture/capture-input.ts';
import { readCapture } from '#core/capture/capture-reader.ts';
import { runCulvert } from '#core/cli/program.ts';
import { makePcap, Order } from '#test/support/capture/capture-maker.ts';
import { captureAssociation, capturedInner, captureSpi, sendCaptured } from '#test/support/capture/capture-sender.ts';
import { fakeTerminal, type FakeTerminal } from './fake-helper.ts';

const directory = mkdtempSync(join(tmpdir(), 'culvert-decrypt-'));
after(() => rmSync(directory, { recursive: true }));

type Json = {
  readonly packets: readonly { readonly verdict: string; readonly seq: number | null; readonly inner: string | null }[];
  readonly totals: Readonly<Record<string, number>>;
};

let files = 0;
function save(bytes: Uint8Array): string {
  const path = join(directory, `capture-${files++}`);
  writeFileSync(path, bytes);
  return path;
}

async function decrypt(
  words: readonly string[],
  text = captureAssociation('-r 8'),
): Promise<{ readonly status: number; readonly terminal: FakeTerminal }> {
  const terminal = fakeTerminal(text, { 'sa.conf': text });
  const surroundings = { terminal, version: '1.2.3', socketPath: '/nonexistent' };
  return { status: await runCulvert(['decrypt', ...words], surroundings), terminal };
}

const packets = [1, 2, 2].map((sequence) => ({ bytes: sendCaptured({ sequence }) }));

test('a capture is decrypted without helper and root: a table, or JSON', async () => {
  const path = save(makePcap(packets));
  const table = await decrypt([path, '-f', 'sa.conf']);
  assert.deepEqual([table.status, table.terminal.errors], [0, '']);
  assert.match(table.terminal.output, /0x00001000 +2 {2}replayDup\n[^]*2 {2}accept[^]*1 {2}replayDup/);
  const { status, terminal } = await decrypt([path, '-f', 'sa.conf', '--json']);
  const { packets: found, totals } = JSON.parse(terminal.output) as Json;
  assert.deepEqual([status, found.length, totals], [0, 3, { accept: 2, replayDup: 1 }]);
  assert.deepEqual(found[0], { index: 0, spi: captureSpi, seq: 1, verdict: 'accept', inner: toHex(capturedInner(1)) });
});

test('--no-replay accepts repetitions; associations may come from standard input', async () => {
  const { status, terminal } = await decrypt([save(makePcap(packets)), '-f', '-', '--json', '--no-replay']);
  assert.deepEqual([status, (JSON.parse(terminal.output) as Json).totals], [0, { accept: 3 }]);
});

test('--esn-high says where an association is when the capture begins', async () => {
  const sequence = 2 * 0x1_0000_0000 + 9;
  const path = save(makePcap([{ bytes: sendCaptured({ sequence, hasEsn: true }) }]));
  const words = [path, '-f', 'sa.conf', '--json'];
  const text = captureAssociation('-esn');
  const without = JSON.parse((await decrypt(words, text)).terminal.output) as Json;
  assert.deepEqual(without.packets[0]?.verdict, 'authFail');
  const { status, terminal } = await decrypt([...words, '--esn-high', '0x1000=2'], text);
  const [packet] = (JSON.parse(terminal.output) as Json).packets;
  assert.deepEqual([status, packet?.verdict, packet?.seq], [0, 'accept', sequence]);
  const wrong = await decrypt([...words, '--esn-high', 'much'], text);
  assert.deepEqual([wrong.status, wrong.terminal.output], [1, '']);
  assert.match(wrong.terminal.errors, /^decrypt: --esn-high "much" is not SPI=NUMBER/);
});

test('-w writes what was accepted and what was dropped', async () => {
  const output = join(directory, 'out.pcapng');
  const { status } = await decrypt([save(makePcap(packets)), '-f', 'sa.conf', '-w', output]);
  assert.equal(status, 0);
  const records = [...readCapture(inputOfBytes(readFileSync(output)))].map(({ bytes }) => toHex(bytes));
  assert.deepEqual(records, [toHex(capturedInner(1)), toHex(capturedInner(2)), toHex(sendCaptured({ sequence: 2 }))]);
});

test('-w never writes over what is read, and says when it cannot write', async () => {
  const path = save(makePcap(packets));
  const before = readFileSync(path);
  const same = await decrypt([path, '-f', 'sa.conf', '-w', path]);
  assert.deepEqual([same.status, same.terminal.output], [1, '']);
  assert.match(same.terminal.errors, /which is being read/);
  assert.ok(readFileSync(path).equals(before));
  const onAssociations = await decrypt([path, '-f', 'sa.conf', '-w', 'sa.conf']);
  assert.match(onAssociations.terminal.errors, /the file of the associations/);
  assert.equal(existsSync('sa.conf'), false);
  const full = await decrypt([path, '-f', 'sa.conf', '-w', '/dev/full']);
  assert.equal(full.status, 1);
  assert.match(full.terminal.errors, /^decrypt: cannot write \/dev\/full \(ENOSPC\)\n {2}Check [^\n]*\n$/);
});

test('of a broken capture all is told that came before, then file and place', async () => {
  const path = save(makePcap(packets).subarray(0, -5));
  const { status, terminal } = await decrypt([path, '-f', 'sa.conf', '--json']);
  assert.equal(status, 1);
  assert.deepEqual((JSON.parse(terminal.output) as Json).totals, { accept: 2 });
  assert.match(terminal.errors, new RegExp(`^decrypt: ${path}: at byte \\d+: the file ends within a packet of`));
});

test('what is no capture, or not there, is told in one line and one that helps', async () => {
  for (const [path, text] of [
    [
      save(Buffer.from('no capture')),
      /^decrypt: \S+: at byte 0: this is neither a pcap nor a pcapng file\n {2}[^\n]+\n$/,
    ],
    [join(directory, 'missing'), /^decrypt: cannot read \S+missing \(ENOENT\)\n {2}[^\n]+\n$/],
  ] as const) {
    const { status, terminal } = await decrypt([path, '-f', 'sa.conf']);
    assert.equal(status, 1);
    assert.match(terminal.errors, text);
  }
});

test('packets of a link type that nobody knows are told; a capture of nothing else is a failure', async () => {
  const only = await decrypt([save(makePcap(packets, { linkType: 105 })), '-f', 'sa.conf']);
  assert.equal(only.status, 1);
  assert.match(only.terminal.errors, /nothing is known of link type 105 \(packets: 3\)/);
  const order = new Order(false);
  const bytes = sendCaptured({ sequence: 1 });
  const blocks = [order.section(), order.interface(105), order.interface(101), order.enhanced(0, bytes)];
  const mixed = await decrypt([save(Buffer.concat([...blocks, order.enhanced(1, bytes)])), '-f', 'sa.conf', '--json']);
  assert.equal(mixed.status, 0);
  assert.match(mixed.terminal.errors, /link type 105 \(packets: 1\)/);
  assert.deepEqual((JSON.parse(mixed.terminal.output) as Json).totals, { accept: 1, notEsp: 1 });
});

test('mistakes in the associations are shown with their line, keys hidden, and nothing is decrypted', async () => {
  const path = save(makePcap(packets));
  for (const [text, message] of [
    [`${captureAssociation()}add 192.0.2.1 ;`, /^line 2: /],
    [captureAssociation() + captureAssociation(), /^The result of line 2: File exists\./],
  ] as const) {
    const { status, terminal } = await decrypt([path, '-f', 'sa.conf'], text);
    assert.deepEqual([status, terminal.output], [1, '']);
    assert.match(terminal.errors, message);
    assert.doesNotMatch(terminal.errors, /0909/);
    assert.match(terminal.errors, /decrypt: sa\.conf is not used\n$/);
  }
});

test('words that do not fit are refused', async () => {
  for (const [line, text] of [
    ['-f sa.conf', /missing required argument 'capture'/],
    ['x', /required option '-f, --file <sas>' not specified/],
    ['x -f sa.conf --jsn', /unknown option '--jsn'/],
    ['- -f -', /only one of the two files can be standard input/],
  ] as const) {
    const { status, terminal } = await decrypt(line.split(' ').filter((word) => word !== ''));
    assert.equal(status, 1, line);
    assert.match(terminal.errors, text);
  }
});

test('the help says what the verdicts, numbers and statuses mean', async () => {
  const { status, terminal } = await decrypt(['--help']);
  assert.deepEqual([status, terminal.errors], [0, '']);
  for (const text of [/CAPTURE -f SAS\.conf/, /notEsp/, /numbered\s+from 0/, /Exit status: 0/, /--no-replay/]) {
    assert.match(terminal.output, text);
  }
});

test('a reader that is slow is waited for while much is printed', async () => {
  const terminal = fakeTerminal('', { 'sa.conf': captureAssociation() });
  let waits = 0;
  const drained = (): Promise<void> => {
    waits++;
    return Promise.resolve();
  };
  const path = save(makePcap(Array.from({ length: 1500 }, () => ({ bytes: new Uint8Array(20) }))));
  const surroundings = { terminal: { ...terminal, drained }, version: '1.2.3', socketPath: undefined };
  assert.equal(await runCulvert(['decrypt', path, '-f', 'sa.conf'], surroundings), 0);
  assert.equal(waits, 2);
});
