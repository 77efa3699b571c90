import assert from 'node:assert/strict';
import { test } from 'node:test';
import { billOfMaterials } from '#build/package/bill-of-materials.ts';
import { listComponents, type Component } from '#build/package/components.ts';
import { missingForCargo } from '#build/test/machine.ts';
import { readBill } from '#test/support/package/cyclonedx.ts';

const one: Component = {
  kind: 'npm',
  name: '@scope/name',
  version: '1.0.0',
  license: 'MIT OR Apache-2.0',
  text: null,
  hash: { algorithm: 'SHA-256', hex: 'a'.repeat(64) },
};
const billOf = (...components: readonly Component[]): string => JSON.stringify(billOfMaterials('0.1.0', components));

test('a component of npm’s has its scope for a group, and a package URL with it', () => {
  const [component] = readBill(billOf(one)).components;
  assert.deepEqual(
    [component?.group, component?.name, component?.purl],
    ['@scope', 'name', 'pkg:npm/%40scope/name@1.0.0'],
  );
});

test('what would break the schema is found: a license without a name, half a digest, the same component twice', () => {
  assert.throws(() => readBill(billOf({ ...one, license: 'NOASSERTION' })));
  assert.throws(() => readBill(billOf({ ...one, license: 'MIT/Apache-2.0' })));
  assert.throws(() => readBill(billOf({ ...one, hash: { algorithm: 'SHA-512', hex: 'a'.repeat(64) } })));
  assert.throws(() => readBill(billOf(one, one)), /bom-ref/);
});

test(
  'the bill of this checkout keeps every rule, and comes out the same again',
  { skip: missingForCargo() ?? false },
  () => {
    const components = listComponents('45.0.0');
    const text = billOf(...components);
    const kinds = readBill(text).components.map(({ purl }) => /^pkg:(\w+)\//.exec(purl)?.[1]);
    for (const kind of ['generic', 'npm', 'cargo']) assert.ok(kinds.includes(kind), kind);
    assert.equal(billOf(...listComponents('45.0.0')), text);
  },
);
