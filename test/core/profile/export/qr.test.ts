/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from 'uqr';
import { encodeCompactProfile } from '#core/profile/export/compact-profile.ts';
import { exportProfile } from '#core/profile/export/export-format.ts';
import { exportCases, fileOf, sourceOf } from '#test/support/profile/export-source.ts';
import { exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

/** Dark modules of the picture for terminals: two rows in a line, white where a block is. */
function modulesOf(text: string): boolean[][] {
  const isWhite = { '█': [true, true], '▀': [true, false], '▄': [false, true], ' ': [false, false] } as const;
  return text
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const cells = [...line].map((block) => isWhite[block as keyof typeof isWhite]);
      return [cells.map(([upper]) => !upper), cells.map(([, lower]) => !lower)];
    });
}

test('both pictures show the modules of the compact text, with white around them', () => {
  const source = exportCases.keys();
  const { data, size } = encode(encodeCompactProfile(source), { ecc: 'L', border: 4 });
  const modules = modulesOf(fileOf('qr', source, '.txt')).slice(0, size);
  assert.deepEqual(modules, data);
  assert.ok(data.slice(0, 4).every((row) => row.every((isDark) => !isDark)));
  const svg = fileOf('qr', source, '.svg');
  assert.equal(svg.match(/h4v4h-4z/g)?.length, data.flat().filter(Boolean).length);
});

test('it holds keys only where they were asked for', () => {
  for (const name of ['plain', 'keys'] as const) {
    const source = exportCases[name]();
    const held = exportProfile('qr', source).map(({ holdsKeys }) => holdsKeys);
    assert.deepEqual(held, [name === 'keys', name === 'keys']);
    assert.equal(encodeCompactProfile(source).includes('EREREREREREREREREREREQ'), name === 'keys');
  }
});

test('a profile that is too long for a code is refused with its length', () => {
  const routes = Array.from({ length: 300 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
  const source = sourceOf(exampleProfile({ routes, name: 'Büro' }), exampleSecrets, true);
  assert.equal(
    thrownCode(() => exportProfile('qr', source)),
    'EXPORT_UNSUPPORTED',
  );
});
