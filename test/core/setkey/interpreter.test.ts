/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorCode } from '#core/base/error.ts';
import { Sad } from '#core/sad/sad.ts';
import { neverUsed } from '#core/sad/security-association.ts';
import { execute, type SetkeyContext } from '#core/setkey/interpreter.ts';
import { parseSetkey } from '#core/setkey/parser.ts';
import { Spd } from '#core/spd/spd.ts';

const gcmKey = `0x${'5a'.repeat(20)}`;

function freshContext(): SetkeyContext {
  return { sad: new Sad({ limit: 100 }), spd: new Spd(), now: 1_000_000, pid: 77, usageOf: () => neverUsed };
}

function run(context: SetkeyContext, text: string): string {
  const { statements, errors } = parseSetkey(text);
  assert.deepEqual(errors, []);
  return statements.map((statement) => execute(statement, context)).join('');
}

test('add fills in the defaults of setkey', () => {
  const context = freshContext();
  run(context, `add 192.0.2.1 198.51.100.1 esp 0x2711 -E aes-gcm-16 ${gcmKey};`);
  const [added] = context.sad.list();
  assert.ok(added !== undefined);
  const { spi, mode, reqid, replayBytes, isCyclic, hasEsn, integrity, state, createdMs, pid, ports } = added;
  assert.deepEqual(
    { spi, mode, reqid, replayBytes, isCyclic, hasEsn, integrity, state, createdMs, pid, ports },
    {
      spi: 10001,
      mode: 'any',
      reqid: 0,
      replayBytes: 0,
      isCyclic: true,
      hasEsn: false,
      integrity: null,
      state: 'mature',
      createdMs: 1_000_000,
      pid: 77,
      ports: null,
    },
  );
});

test('add takes every option that Culvert carries', () => {
  const context = freshContext();
  run(
    context,
    `add 192.0.2.1[4500] 198.51.100.1 esp-udp 10001 -m transport -u 16386 -r 8 -f nocyclic-seq -f zero-pad -esn
    -lh 3600 -ls 3000 -bh 2000 -bs 1000 -E rijndael-cbc "aaaaaaaaaaaaaaaa" -A hmac-sha2-256 0x${'01'.repeat(32)};`,
  );
  const [added] = context.sad.list();
  assert.ok(added !== undefined);
  assert.deepEqual(added.ports, { source: 4500, destination: 4500 });
  assert.deepEqual(
    [added.encryption, added.integrity, added.hasEsn, added.isCyclic],
    ['aes-cbc', 'hmac-sha256', true, false],
  );
  assert.deepEqual(added.lifetimes.hard, { addSeconds: 3600, useSeconds: 0, bytes: 2000, packets: 0 });
  assert.deepEqual(added.lifetimes.soft, { addSeconds: 3000, useSeconds: 0, bytes: 1000, packets: 0 });
});

test('update, get, delete, deleteall, flush and dump work on the SAD', () => {
  const context = freshContext();
  const add = (spi: number): string => `add 192.0.2.1 198.51.100.1 esp ${spi} -E aes-gcm-16 ${gcmKey};`;
  run(context, add(256) + add(257) + add(258));
  run(context, `update 192.0.2.1 198.51.100.1 esp 257 -u 5 -E aes-gcm-16 ${gcmKey};`);
  assert.match(
    run(context, 'get 192.0.2.1 198.51.100.1 esp 257;'),
    /spi=257\(0x00000101\) reqid=5\(0x00000005\)\n\tE: aes-gcm-16 {2}5a5a5a5a/,
  );
  run(context, 'delete 192.0.2.1 198.51.100.1 esp 257;');
  assert.equal(run(context, 'dump;').match(/spi=/g)?.length, 2);
  run(context, 'deleteall 192.0.2.1 198.51.100.1 ah; flush ipcomp;');
  assert.equal(context.sad.size, 2);
  assert.equal(run(context, 'dump ah;'), 'No SAD entries.\n');
  run(context, 'deleteall 192.0.2.1 198.51.100.1 esp;');
  assert.equal(context.sad.size, 0);
  run(context, `${add(256)} flush esp;`);
  assert.equal(run(context, 'dump;'), 'No SAD entries.\n');
});

test('keys stay out of get and dump when asked', () => {
  const context = { ...freshContext(), withKeys: false };
  run(context, `add 192.0.2.1 198.51.100.1 esp 256 -E aes-gcm-16 ${gcmKey};`);
  assert.doesNotMatch(run(context, 'dump; get 192.0.2.1 198.51.100.1 esp 256;'), /5a5a/);
});

test('spdadd maps actions, fwd, levels and message types', () => {
  const context = freshContext();
  run(
    context,
    `spdadd 192.0.2.1 198.51.100.1 ip4 -P out ipsec esp/transport//unique;
    spdadd 192.0.2.1 198.51.100.1 ip4 -P fwd ipsec esp/transport/192.0.2.1-198.51.100.1/unique:9;
    spdadd 10.0.0.0/8 10.0.0.0/8 icmp 8,0 -P out none; spdadd 10.0.0.0/8[53] 10.0.0.0/8 udp -P out discard;`,
  );
  const rows = context.spd
    .list()
    .map(({ direction, action, selector, requests }) => [
      direction,
      action,
      selector.sourcePort,
      ...requests.map(({ level, reqid }) => `${level}${reqid}`),
    ]);
  assert.deepEqual(rows, [
    ['in', 'protect', 0, 'unique9'],
    ['out', 'protect', 0, 'unique16385'],
    ['out', 'bypass', 8],
    ['out', 'discard', 53],
  ]);
});

test('spdupdate replaces in place of nothing or of the same selector, and leaves interface policies alone', () => {
  const context = freshContext();
  run(context, 'spdupdate 10.0.0.1 10.0.0.2 any -P in none; spdupdate 10.0.0.1 10.0.0.2 any -P in discard;');
  assert.deepEqual(
    context.spd.list().map(({ action }) => action),
    ['discard'],
  );
  const [policy] = context.spd.list();
  assert.ok(policy !== undefined);
  run(context, 'spdflush;');
  context.spd.add({ ...policy }, 'kernel', 0);
  for (const text of ['spdupdate 10.0.0.1 10.0.0.2 any -P in none;', 'spddelete 10.0.0.1 10.0.0.2 any -P in;']) {
    assert.throws(() => run(context, text), { code: 'POLICY_KERNEL_ORIGIN' });
  }
  assert.deepEqual(
    context.spd.list().map(({ origin, action }) => [origin, action]),
    [['kernel', 'discard']],
  );
});

test('spddelete needs only the direction, and spddump lists what is left', () => {
  const context = freshContext();
  run(context, 'spdadd 10.0.0.1 10.0.0.2 any -P in none; spdadd 10.0.0.1 10.0.0.2 any -P out none;');
  run(context, 'spddelete 10.0.0.1 10.0.0.2 any -P in;');
  assert.match(run(context, 'spddump;'), /^10\.0\.0\.1\[any\] 10\.0\.0\.2\[any\] 255\(reserved\)\n\tout none\n/);
});

test('what Culvert does not carry is refused with a reason at the word, and nothing changes', () => {
  const name = '192.0.2.1 198.51.100.1';
  const cases: readonly (readonly [string, ErrorCode, RegExp, number])[] = [
    [`add ${name} ah 256 -A hmac-sha1 0x00;`, 'SA_UNSUPPORTED', /protocol ah/, 28],
    [`add ${name} esp-udp ::9 256 -E aes-gcm-16 ${gcmKey};`, 'ADDRESS_FAMILY_MIXED', /::9/, 36],
    [`add ${name} esp 256 -ctx 1 1 "x" -E null;`, 'SA_UNSUPPORTED', /-ctx/, 41],
    [`add ${name} esp-udp 256 -esp_frag 87 -E aes-gcm-16 ${gcmKey};`, 'SA_FRAGMENT_SIZE', /87 is not .* 88 to/, 40],
    [`add ${name} esp 256;`, 'ALGORITHM_MISSING', /no encryption algorithm/, 1],
    [`add ${name} esp 256 -E des-cbc 0x00;`, 'ALGORITHM_REFUSED', /DES is broken/, 36],
    [`add ${name} esp 256 -E null -A hmac-md5 0x00;`, 'ALGORITHM_REFUSED', /MD5 is broken/, 44],
    [`add ${name} esp 256 -E 3des-cbc 0x00 -A hmac-sha1 0x00;`, 'ALGORITHM_REFUSED', /RFC 8221: SHOULD NOT/, 36],
    [`add ${name} esp 256 -E aes-ctr 0x00;`, 'ALGORITHM_INTEGRITY', /aes-ctr alone/, 1],
    [`add ${name} esp 256 -r 9000 -E aes-gcm-16 ${gcmKey};`, 'SA_REPLAY_WINDOW', /9000/, 36],
    [`add ${name} esp 256 -u 1 -lh 60 -E aes-gcm-16 ${gcmKey};`, 'SA_LIFETIME', /without a soft/, 41],
    [`add ${name} esp 256 -ls 61 -lh 60 -E aes-gcm-16 ${gcmKey};`, 'SA_LIFETIME', /above hard/, 36],
    [`add 224.0.0.1 198.51.100.1 esp 256 -E aes-gcm-16 ${gcmKey};`, 'ADDRESS_UNUSABLE', /source/, 5],
    [`add ${name}[4500] esp 256 -E aes-gcm-16 ${gcmKey};`, 'SA_UNSUPPORTED', /no UDP ports/, 5],
    [`add ${name} esp 255 -E aes-gcm-16 ${gcmKey};`, 'SPI_RESERVED', /255/, 32],
    [`add ${name} esp 256 -E aes-gcm-16 0x00;`, 'KEY_LENGTH', /aes-gcm-16 takes/, 36],
    [`add ${name} esp 256 -E null;`, 'ALGORITHM_INTEGRITY', /neither/, 1],
    [`get ${name} esp 300;`, 'SA_NOT_FOUND', /no association/, 32],
    [`get ${name} ah 300;`, 'SA_NOT_FOUND', /no ah/, 28],
    [`spdadd ${name} any -P out ipsec esp/tunnel/1.1.1.1-2.2.2.2/require;`, 'POLICY_UNSUPPORTED', /tunnel mode/, 48],
    [`spdadd ${name} any -P out ipsec ah/transport;`, 'POLICY_UNSUPPORTED', /protocol ah/, 48],
    [`spdadd ${name} any -P out ipsec esp/transport esp/transport;`, 'POLICY_UNSUPPORTED', /only one rule/, 48],
    [`spdadd ${name} any -P out ipsec esp/transport/1.1.1.1-2.2.2.2/use;`, 'POLICY_UNSUPPORTED', /endpoints/, 48],
    [`spdadd ${name} any -P out prio 5 none;`, 'POLICY_UNSUPPORTED', /priorities/, 42],
    [`spdadd ${name} any -P out entrust;`, 'POLICY_UNSUPPORTED', /for sockets/, 42],
    [`spdadd ${name} gre 5 -P out none;`, 'POLICY_UNSUPPORTED', /GRE key/, 31],
    ['spdadd tagged "x" -P out none;', 'POLICY_UNSUPPORTED', /tag/, 15],
  ];
  for (const [text, code, message, column] of cases) {
    const context = freshContext();
    assert.throws(
      () => run(context, text),
      (error: { code: string; message: string; details: Record<string, unknown> }) => {
        assert.equal(error.code, code, text);
        assert.match(error.message, message);
        assert.deepEqual([error.details['line'], error.details['column']], [1, column], text);
        return true;
      },
    );
    assert.equal(context.sad.size + context.spd.size, 0);
  }
});
