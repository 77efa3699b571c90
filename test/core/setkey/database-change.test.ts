/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sad } from '#core/sad/sad.ts';
import { neverUsed } from '#core/sad/security-association.ts';
import type { DatabaseChange } from '#core/setkey/database-change.ts';
import { execute, type SetkeyContext } from '#core/setkey/interpreter.ts';
import { parseSetkey } from '#core/setkey/parser.ts';
import { Spd } from '#core/spd/spd.ts';

const gcmKey = `0x${'5a'.repeat(20)}`;

function heardOf(text: string): DatabaseChange[] {
  const heard: DatabaseChange[] = [];
  const context: SetkeyContext = {
    ...{ sad: new Sad({ limit: 100 }), spd: new Spd(), now: 1_000_000, pid: 77, usageOf: () => neverUsed },
    onChange: (change) => void heard.push(change),
  };
  for (const statement of parseSetkey(text).statements) execute(statement, context);
  return heard;
}

const ends = { source: '192.0.2.1', destination: '198.51.100.1', protocol: 'esp' };

test('each statement that changes the SAD is told once, without a key', () => {
  const named = 'add 192.0.2.1 198.51.100.1 esp 700 -m transport -u 9';
  const heard = heardOf(
    `${named} -E aes-gcm-16 ${gcmKey}; ${named.replace('add', 'update')} -E aes-gcm-16 ${gcmKey};
     dump; get 192.0.2.1 198.51.100.1 esp 700; delete 192.0.2.1 198.51.100.1 esp 700;
     deleteall 192.0.2.1 198.51.100.1 esp; flush; flush ah;`,
  );
  const full = { kind: 'association', ...ends, spi: 700, reqid: 9, mode: 'transport' };
  const bare = { kind: 'association', change: 'delete', ...ends, reqid: null, mode: null };
  assert.deepEqual(heard, [
    { ...full, change: 'add' },
    { ...full, change: 'update' },
    { ...bare, spi: 700 },
    { ...bare, spi: null },
    { kind: 'flush', what: 'associations' },
  ]);
  assert.doesNotMatch(JSON.stringify(heard), /5a5a/);
});

test('each statement that changes the SPD is told once, with the policy’s id', () => {
  const selector = '10.0.0.0/8[any] 192.0.2.0/24[80] tcp -P out';
  const heard = heardOf(
    `spdadd ${selector} discard; spdupdate ${selector} none; spddump; spddelete ${selector}; spdflush;`,
  );
  assert.deepEqual(
    heard.map((change) => (change.kind === 'policy' ? [change.change, change.spid, change.action] : [change.kind])),
    [['add', 1, 'discard'], ['update', 2, 'bypass'], ['delete', 2, 'bypass'], ['flush']],
  );
  assert.deepEqual(heard[0], {
    ...{ kind: 'policy', change: 'add', spid: 1, direction: 'out', action: 'discard' },
    ...{ source: '10.0.0.0/8', destination: '192.0.2.0/24', sourcePort: 0, destinationPort: 80, upperProtocol: 6 },
  });
});
