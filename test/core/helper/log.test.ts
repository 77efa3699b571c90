/**
 * What gets into the log, and what must never.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { contract } from '#core/api/contract.ts';
import { IpsecError } from '#core/base/error.ts';
import type { Log } from '#core/base/port.ts';
import { describeRequest, limitLog, openLog } from '#core/helper/log.ts';

const secret = '0x00112233445566778899aabbccddeeff';

function logged(write: (log: Log) => void, level: 'info' | 'warn' = 'info'): string {
  const directory = mkdtempSync(join(tmpdir(), 'culvert-log-'));
  try {
    const file = join(directory, 'log');
    write(openLog(level, file));
    assert.equal(statSync(file).mode & 0o7777, 0o600);
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('a line is one JSON object with its fields', () => {
  const line: unknown = JSON.parse(logged((log) => log.info('hello', { uid: 7 })));
  assert.ok(typeof line === 'object' && line !== null && 'msg' in line && 'uid' in line);
  assert.deepEqual([line.msg, line.uid], ['hello', 7]);
});

test('lines below the level are left out', () => {
  assert.equal(
    logged((log) => log.info('hello'), 'warn'),
    '',
  );
});

test('parameters and error texts of setkey methods never reach the log', () => {
  const error = { code: 'SETKEY_SYNTAX', message: `unexpected ${secret}`, hint: '', details: { text: secret } };
  for (const method of Object.keys(contract).filter((name) => name.startsWith('setkey.'))) {
    const text = logged((log) =>
      log.warn('request', describeRequest(method, { text: secret, more: { secret } }, error)),
    );
    assert.doesNotMatch(text, /0011|2233/);
    assert.match(text, /SETKEY_SYNTAX/);
  }
});

test('a method that the contract does not know is named, shortened, and nothing more', () => {
  assert.deepEqual(describeRequest('x'.repeat(1000), { secret }), { method: 'x'.repeat(64) });
});

test('the other methods are logged with the parameters that the contract knows', () => {
  assert.deepEqual(describeRequest('interface.create', { name: 'ipsec0' }), {
    method: 'interface.create',
    params: { name: 'ipsec0' },
  });
  for (const params of [{ secret }, { name: 'ipsec0', secret }]) {
    assert.deepEqual(describeRequest('interface.create', params), {
      method: 'interface.create',
      params: '[malformed]',
    });
  }
});

test('of a refusal that names a stray field only the code is logged: the name can be a key', () => {
  const error = new IpsecError('API_BAD_PARAMS', `${secret} is no field`, { field: secret });
  const logged = describeRequest('interface.create', { name: 'ipsec0', [secret]: 1 }, error);
  assert.deepEqual(logged, { method: 'interface.create', params: '[malformed]', error: 'API_BAD_PARAMS' });
});

test('bytes and the text of unknown errors are not printed', () => {
  const text = logged((log) => {
    log.error('failed', {
      error: new Error(`bad ${secret}`),
      key: new Uint8Array([0xab, 0xcd]),
      view: new Int32Array(2),
    });
  });
  const withoutTime = text.replace(/"time":\d+/g, '').replace(/"pid":\d+/g, '');
  assert.doesNotMatch(withoutTime, /0011|171|205/);
  assert.match(text, /\(2 bytes\)/);
  assert.match(text, /log\.test\.ts/, 'where it happened');
});

test('an error of ours is printed with code and message', () => {
  const text = logged((log) => log.error('failed', { error: new IpsecError('HOST_NO_TUN', 'no /dev/net/tun') }));
  assert.match(text, /HOST_NO_TUN.*no \/dev\/net\/tun/);
});

test('a limited log counts what it leaves out', () => {
  const lines: string[] = [];
  let now = 0;
  const keep = (message: string, fields?: Readonly<Record<string, unknown>>) =>
    lines.push(fields === undefined ? message : `${message} ${JSON.stringify(fields)}`);
  const log = limitLog({ info: keep, warn: keep, error: keep }, { now: () => now }, 2);
  for (let index = 0; index < 5; index++) log.warn(`line ${index}`);
  now = 60_000;
  log.warn('later');
  assert.deepEqual(lines, ['line 0', 'line 1', 'log lines left out {"lines":3}', 'later']);
});
