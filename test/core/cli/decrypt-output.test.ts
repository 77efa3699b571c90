/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecryptedPacket, DecryptVerdict } from '#core/capture/decrypter.ts';
import { explainVerdict, formatTime, jsonPrinter, tablePrinter } from '#core/cli/decrypt-output.ts';
import { parseIpAddress } from '#core/ip/address.ts';

const accepted: DecryptedPacket = {
  index: 0,
  verdict: 'accept',
  source: parseIpAddress('192.0.2.1'),
  destination: parseIpAddress('192.0.2.2'),
  isUdp: true,
  spi: 0xffffffff,
  sequence: 0x1_0000_0001,
  inner: Uint8Array.of(0x45, 0xab, 0),
};
const dropped = { ...accepted, index: 1, verdict: 'replayDup', isUdp: false, inner: null } as const;
const other = {
  ...dropped,
  index: 2,
  verdict: 'notEsp',
  source: null,
  destination: null,
  spi: null,
  sequence: null,
} as const;
const record = {
  linkType: 101,
  timeNs: 1_700_000_000_123_456_789n,
  bytes: new Uint8Array(3),
  wireLength: 3,
  position: 0,
};
const totals = new Map<DecryptVerdict, number>([
  ['accept', 1],
  ['replayDup', 2],
]);

function collect(): { readonly print: (text: string) => void; readonly texts: string[] } {
  const texts: string[] = [];
  return { print: (text) => void texts.push(text), texts };
}

test('the table has a line for each packet, and totals with what they mean, most first', () => {
  const { print, texts } = collect();
  const printer = tablePrinter(print);
  printer.add(accepted, record);
  printer.add(dropped, { ...record, timeNs: null });
  printer.add(other, record);
  printer.end(totals);
  const lines = texts.join('').split('\n');
  assert.match(lines[0] ?? '', /^ INDEX {2}TIME \(UTC\) +OUTER PACKET +SPI +SEQUENCE {2}VERDICT$/);
  assert.match(
    lines[1] ?? '',
    /^ {5}0 {2}2023-11-14 22:13:20\.123456 {2}192\.0\.2\.1 > 192\.0\.2\.2 UDP +0xffffffff {2}4294967297 {2}accept, 3 bytes of IPv4$/,
  );
  assert.match(lines[2] ?? '', /^ {5}1 {2}- +192\.0\.2\.1 > 192\.0\.2\.2 +0xffffffff {2}4294967297 {2}replayDup$/);
  assert.match(lines[3] ?? '', /^ {5}2 {2}2023-11-14 22:13:20\.123456 {2}- +- +- {2}notEsp$/);
  assert.deepEqual(lines.slice(4), [
    '',
    '       3  packets',
    '       2  replayDup       received before',
    '       1  accept          decrypted',
    '',
  ]);
});

test('JSON is one object with a packet a line', () => {
  const { print, texts } = collect();
  const printer = jsonPrinter(print);
  for (const packet of [accepted, dropped, other]) printer.add(packet, record);
  printer.end(totals);
  assert.deepEqual(JSON.parse(texts.join('')), {
    packets: [
      { index: 0, spi: 0xffffffff, seq: 0x1_0000_0001, verdict: 'accept', inner: '45ab00' },
      { index: 1, spi: 0xffffffff, seq: 0x1_0000_0001, verdict: 'replayDup', inner: null },
      { index: 2, spi: null, seq: null, verdict: 'notEsp', inner: null },
    ],
    totals: { accept: 1, replayDup: 2 },
  });
  assert.equal(texts.join('').split('\n').length, 6);
});

test('a sequence number that JavaScript has no number for is printed to its last digit', () => {
  const { print, texts } = collect();
  const printer = jsonPrinter(print);
  printer.add({ ...accepted, sequence: 0xffff_ffff_0000_1001n }, record);
  printer.end(totals);
  assert.match(texts.join(''), /"seq":18446744069414588417,/);
});

test('nothing at all is a whole object, too', () => {
  const { print, texts } = collect();
  jsonPrinter(print).end(new Map());
  assert.deepEqual(JSON.parse(texts.join('')), { packets: [], totals: { accept: 0 } });
});

test('much is printed in pieces, not at the end', () => {
  const { print, texts } = collect();
  const printer = jsonPrinter(print);
  for (let index = 0; index < 400; index++) printer.add({ ...accepted, index, inner: new Uint8Array(1400) }, record);
  assert.ok(texts.length > 2);
  printer.end(totals);
  const { packets } = JSON.parse(texts.join('')) as { packets: unknown[] };
  assert.equal(packets.length, 400);
});

test('times keep their microseconds, before the epoch and beyond the calendar', () => {
  assert.equal(formatTime(0n), '1970-01-01 00:00:00.000000');
  assert.equal(formatTime(-1000n), '1969-12-31 23:59:59.999999');
  assert.equal(formatTime(18_446_744_073_709_551_615_000_000_000n), '18446744073709551615 s');
  assert.equal(formatTime(null), '-');
});

test('every verdict has words', () => {
  assert.equal(explainVerdict('fragment'), 'outer fragment offered to ESP');
  assert.match(explainVerdict('notEsp'), /neither/);
});
