import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { defaultSocketPath } from '#core/client/socket-path.ts';
import { programsBelow, startCommand, type StartSurroundings } from '#core/client/start-command.ts';

const unit = '/usr/lib/systemd/system/culvertd.service';

function lineFor(files: readonly string[], other: Partial<StartSurroundings> = {}): string {
  return startCommand({
    socketPath: defaultSocketPath,
    userName: 'ann',
    programs: [],
    image: null,
    isThere: (path) => files.includes(path),
    ...other,
  });
}

test('with the package and a running systemd the unit is started, which knows its operators', () => {
  assert.equal(lineFor([unit, '/run/systemd/system', '/usr/bin/culvertd']), 'sudo systemctl start culvertd');
  assert.equal(lineFor([unit, '/usr/bin/culvertd']), 'sudo culvertd --operator ann');
});

test('the unit is for the usual socket: for another, culvertd is started with it', () => {
  const files = [unit, '/run/systemd/system', '/usr/bin/culvertd'];
  const line = lineFor(files, { socketPath: '/tmp/a.sock' });
  assert.equal(line, 'sudo culvertd --socket /tmp/a.sock --operator ann');
});

test('in a checkout the program is named where it lies, and root is spared sudo', () => {
  const program = '/home/ann/culvert/build/bin/culvertd.mjs';
  assert.equal(lineFor([program], { programs: ['/other', program] }), `sudo ${program} --operator ann`);
  assert.equal(lineFor([program], { programs: [program], userName: null }), program);
});

test('culvertd of this checkout is among the programs below it', () => {
  const root = `${import.meta.dirname}/../../..`;
  assert.equal(programsBelow(root).filter((path) => existsSync(path)).length, 1);
});

test('an AppImage’s helper is unpacked: root cannot read what a person has mounted', () => {
  const line = lineFor(['/mnt/culvertd'], { programs: ['/mnt/culvertd'], image: '/home/ann/Culvert.AppImage' });
  assert.match(
    line,
    /^\/home\/ann\/Culvert\.AppImage --appimage-extract 'resources\/helper\/\*' && sudo squashfs-root\//,
  );
});

test('a shell takes each word as it is, whatever stands in it', () => {
  const program = "/home/a b/it's $HOME/culvertd";
  const line = lineFor([program], { programs: [program], userName: null, socketPath: '/tmp/x;y' });
  const words = execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' });
  assert.deepEqual(words.trim().split('\n'), [program, '--socket', '/tmp/x;y']);
});
