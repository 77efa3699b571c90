/**
 * The native package's column numbers against the layouts that its consumers declare.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { OpenError, OpenFlag, OpenRow, SealError, SealFlag, SealRow } from '#core/crypto/transform.ts';
import {
  AddressEntry,
  receiveSlotBytes,
  ReceiveRow,
  SendFlag,
  SendRow,
  TunReadRow,
  TunWriteRow,
} from '#core/datapath/ports.ts';

type Numbers = Readonly<Record<string, number>>;

/** Rust module → what TypeScript declares, with the prefix that the Rust names have. */
const layouts: Readonly<Record<string, readonly (readonly [prefix: string, numbers: Numbers])[]>> = {
  tun_read: [['', TunReadRow]],
  tun_write: [['', TunWriteRow]],
  send: [
    ['', SendRow],
    ['FLAG_', SendFlag],
  ],
  address: [['', AddressEntry]],
  receive: [
    ['', ReceiveRow],
    ['', { slotBytes: receiveSlotBytes }],
  ],
  seal: [
    ['', SealRow],
    ['FLAG_', SealFlag],
    ['ERROR_', SealError],
  ],
  open: [
    ['', OpenRow],
    ['FLAG_', OpenFlag],
    ['ERROR_', OpenError],
  ],
};

/** Constants of each `pub mod` of rows.rs. */
function readRustModules(): Map<string, Record<string, number>> {
  const text = readFileSync(new URL('../../../core/tun-tap/src/rows.rs', import.meta.url), 'utf8');
  const modules = new Map<string, Record<string, number>>();
  for (const [, name = '', body = ''] of text.matchAll(/^pub mod (\w+) \{\n(.*?)^\}/gms)) {
    const constants = [...body.matchAll(/pub const (\w+): \w+ = (-?\d+);/g)];
    modules.set(name, Object.fromEntries(constants.map(([, constant, value]) => [constant, Number(value)])));
  }
  return modules;
}

function rustName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

test('rows have the same columns, flags and errors on both sides', () => {
  const modules = readRustModules();
  assert.deepEqual([...modules.keys()].sort(), Object.keys(layouts).sort());
  for (const [name, parts] of Object.entries(layouts)) {
    const entries = parts.flatMap(([prefix, numbers]) =>
      Object.entries(numbers).map(([key, value]) => [prefix + rustName(key), value] as const),
    );
    assert.deepEqual(modules.get(name), Object.fromEntries(entries), name);
  }
});
