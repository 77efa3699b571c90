import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyInput, type LintInput } from '#core/lint/lint-input.ts';
import { readIfconfigFile } from '#core/lint/read-ifconfig.ts';

function read(text: string, owner: string | null = 'ipsec0'): LintInput {
  const input = emptyInput();
  readIfconfigFile({ name: 'f', text }, owner, input);
  return input;
}

test('an interface stands where its tunnel is set', () => {
  const { interfacePlaces, ipsecif, findings } = read('create\nup\ntunnel 192.0.2.1 198.51.100.1\n');
  assert.deepEqual(findings, []);
  assert.equal(interfacePlaces.get('ipsec0')?.line, 3);
  assert.equal(ipsecif.get('ipsec0').outer?.peer, '198.51.100.1');
});

test('what cannot be read and what would be refused are findings, with the parser’s place', () => {
  const { findings } = read('create\nmtu x\nmtu 70000\n');
  assert.deepEqual(
    findings.map(({ code, line }) => [code, line]),
    [
      ['TEXT_SYNTAX', 2],
      ['TEXT_REFUSED', 3],
    ],
  );
});

test('a line for the shell is not carried out, and says so', () => {
  const { findings } = read('create\n!touch /tmp/x\n');
  assert.deepEqual(
    findings.map(({ code, line }) => [code, line]),
    [['TEXT_IGNORED', 2]],
  );
});

test('a line that names its interface needs no owner, and any other does', () => {
  assert.deepEqual(read('ifconfig ipsec7 create\n', null).findings, []);
  const { findings } = read('create\n', null);
  assert.deepEqual(
    findings.map(({ code, message }) => [code, message]),
    [['TEXT_REFUSED', 'the line names no interface']],
  );
});
