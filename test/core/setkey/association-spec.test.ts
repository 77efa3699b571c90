/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssociationSpec } from '#core/sad/security-association.ts';
import { toAssociationProtocol, toAssociationSpec } from '#core/setkey/association-spec.ts';
import { parseSetkey } from '#core/setkey/parser.ts';
import { associationProtocolWords } from '#core/setkey/syntax.ts';

function specOf(text: string): AssociationSpec {
  const [statement] = parseSetkey(text).statements;
  assert.ok(statement?.kind === 'add');
  return toAssociationSpec(statement);
}

test('ports of ESP in UDP default to 4500; plain ESP has none', () => {
  assert.deepEqual(specOf('add 1.1.1.1 2.2.2.2[61000] esp-udp 256 -E null;').ports, {
    source: 4500,
    destination: 61000,
  });
  assert.equal(specOf('add 1.1.1.1 2.2.2.2 esp 256 -E null;').ports, null);
});

test('ports on plain ESP are passed on, for the SAD to refuse', () => {
  assert.deepEqual(specOf('add 1.1.1.1[7] 2.2.2.2 esp 256 -E null;').ports, { source: 7, destination: 0 });
});

test('the address of a peer behind its NAT is kept', () => {
  assert.equal(specOf('add 1.1.1.1 2.2.2.2 esp-udp 10.0.0.9 256 -E null;').natOriginal, '10.0.0.9');
  assert.ok(!('natOriginal' in specOf('add 1.1.1.1 2.2.2.2 esp-udp 256 -E null;')));
});

test('-A null is no integrity', () => {
  const { integrity, integrityKey } = specOf('add 1.1.1.1 2.2.2.2 esp 256 -E aes-cbc 0x00 -A null;');
  assert.deepEqual([integrity, integrityKey], [null, null]);
});

test('only ESP, plain or in UDP, is carried', () => {
  assert.deepEqual(
    associationProtocolWords.filter((word) => toAssociationProtocol(word) !== null),
    ['esp', 'esp-udp'],
  );
  assert.throws(() => specOf('add 1.1.1.1 2.2.2.2 esp-old 256 -E null;'), { code: 'SA_UNSUPPORTED' });
});
