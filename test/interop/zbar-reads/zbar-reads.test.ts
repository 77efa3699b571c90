/**
 * An independent reader of QR codes gives back the profile that was exported.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { hasProgram } from '#build/test/machine.ts';
import { decodeCompactProfile } from '#core/profile/export/compact-profile.ts';
import { exportCases, fileOf } from '#test/support/profile/export-source.ts';

type Picture = { readonly width: number; readonly height: number; readonly isDark: (x: number, y: number) => boolean };

/** Pixels for a module of the picture for terminals. */
const scale = 4;

/** Blocks are white: upper half, lower half, both. */
function terminalPicture(text: string): Picture {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => [...line]);
  const isDark = (x: number, y: number): boolean => {
    const row = Math.floor(y / scale);
    const block = lines[row >> 1]?.[Math.floor(x / scale)] ?? '█';
    return !(block === '█' || block === ((row & 1) === 0 ? '▀' : '▄'));
  };
  return { width: (lines[0]?.length ?? 0) * scale, height: lines.length * 2 * scale, isDark };
}

function svgPicture(text: string): Picture {
  const side = Number(/viewBox="0 0 (\d+) /.exec(text)?.[1]);
  const modules = new Set([...text.matchAll(/M(\d+),(\d+)h4v4h-4z/g)].map(([, x, y]) => `${x},${y}`));
  return { width: side, height: side, isDark: (x, y) => modules.has(`${x - (x % 4)},${y - (y % 4)}`) };
}

function read(context: TestContext, { width, height, isDark }: Picture): string {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-qr-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'code.pgm');
  const pixels = Uint8Array.from({ length: width * height }, (_, at) =>
    isDark(at % width, Math.floor(at / width)) ? 0 : 255,
  );
  writeFileSync(path, Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]));
  const { status, stdout } = spawnSync('zbarimg', ['--raw', '--quiet', path], { encoding: 'utf8' });
  assert.equal(status, 0);
  return stdout;
}

suite('zbar reads', { skip: hasProgram('zbarimg') ? false : 'zbarimg (Debian package zbar-tools)' }, () => {
  for (const name of ['plain', 'keys', 'peer', 'nat-t'] as const) {
    test(`both pictures of ${name}`, (context) => {
      const source = exportCases[name]();
      const wanted = { profile: source.profile, secrets: source.secrets };
      for (const picture of [terminalPicture(fileOf('qr', source, '.txt')), svgPicture(fileOf('qr', source, '.svg'))]) {
        assert.deepEqual(decodeCompactProfile(read(context, picture)), wanted);
      }
    });
  }
});
