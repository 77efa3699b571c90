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

test('a line that names its interface needs no owner; any other does, which is told once a file', () => {
  assert.deepEqual(read('ifconfig ipsec7 create\n', null).findings, []);
  const { findings } = read('create\nup\n!ls\nmtu 1400\n', null);
  assert.deepEqual(
    findings.map(({ code, message }) => [code, message]),
    [
      ['TEXT_REFUSED', 'the line names no interface'],
      ['TEXT_IGNORED', 'culvertd runs no shell, so a "!" line is not carried out'],
    ],
  );
});

test('an address that is taken away again, alone or with its interface, claims no network', () => {
  const tunnel = 'create\ninet 10.1.0.1/16\ninet 10.2.0.1/16\n';
  const networks = (text: string): string[] => read(text).networks.map(({ prefix }) => prefix);
  assert.deepEqual(networks(tunnel), ['10.1.0.1/16', '10.2.0.1/16']);
  assert.deepEqual(networks(`${tunnel}inet 10.1.0.1 delete\n`), ['10.2.0.1/16']);
  assert.deepEqual(networks(`${tunnel}destroy\n`), []);
});
