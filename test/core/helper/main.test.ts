/**
 * culvertd as a process in a namespace: start, who may do what, and that nothing stays behind, however it ends.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { missingForTunnels } from '#test/support/native-package.ts';
import { Culvertd } from '#test/support/culvertd.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';

const nobody = 65534;
const secret = '00112233445566778899aabbccddeeff00112233';

/** One request as another user, with nothing but node; prints the JSON-RPC result. */
const clientScript = `
const [path, method, params] = process.argv.slice(1);
const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: JSON.parse(params) });
const socket = require('node:net').connect(path);
socket.write('Content-Length: ' + Buffer.byteLength(body) + '\\r\\n\\r\\n' + body);
let text = '';
socket.setEncoding('utf8').on('data', (data) => {
  text += data;
  const [header, answer] = text.split('\\r\\n\\r\\n');
  if (answer === undefined || Buffer.byteLength(answer) < Number(/\\d+/.exec(header)[0])) return;
  console.log(JSON.stringify(JSON.parse(answer).result));
  socket.destroy();
});`;

suite('culvertd', { skip: missingForTunnels() ?? false }, () => {
  let namespace: NetworkNamespace;
  const running: Culvertd[] = [];
  before(() => {
    namespace = new NetworkNamespace('culvertd');
  });
  afterEach(async () => {
    for (const culvertd of running.splice(0)) await culvertd.dispose();
    for (const device of namespace.devices()) namespace.ip(`link delete ${device}`);
  });
  after(() => namespace.remove());

  const start = async (...args: readonly string[]): Promise<Culvertd> => {
    const culvertd = await Culvertd.start(namespace, ...args);
    running.push(culvertd);
    return culvertd;
  };
  const askAsNobody = (culvertd: Culvertd, method: string, params: unknown): unknown => {
    const args = ['-e', clientScript, culvertd.socket, method, JSON.stringify(params)];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      uid: nobody,
      gid: nobody,
      cwd: '/',
      encoding: 'utf8',
      timeout: 10_000,
    });
    assert.equal(stderr, '');
    return JSON.parse(stdout);
  };
  const makeTunnel = async (culvertd: Culvertd): Promise<void> => {
    await culvertd.ask('interface.create', { name: 'ipsec0' });
    const pair = { local: '192.0.2.1', peer: '192.0.2.2', localPort: 0, peerPort: 0 };
    await culvertd.ask('interface.setTunnel', { name: 'ipsec0', ...pair });
    const address = { address: '172.16.1.1', prefixLength: 32, peer: '172.16.2.1' };
    await culvertd.ask('interface.addAddress', { name: 'ipsec0', ...address });
    assert.deepEqual(namespace.devices(), ['ipsec0']);
  };

  test('says in one line that it is ready, with version, socket and kind of datapath', async () => {
    const culvertd = await start();
    const lines = culvertd.log.trim().split('\n');
    assert.equal(lines.length, 1, culvertd.log);
    const line: unknown = JSON.parse(lines[0] ?? '');
    assert.ok(typeof line === 'object' && line !== null && 'version' in line && 'socket' in line && 'datapath' in line);
    assert.deepEqual([line.version, line.socket, line.datapath], ['0.1.0', culvertd.socket, 'native']);
    assert.equal(statSync(culvertd.socket).mode & 0o7777, 0o666);
    assert.equal((await culvertd.ask('status.get', {})).pid, culvertd.child.pid);
  });

  test('what only its start needed of memory goes back to the system, and it answers as before', async () => {
    const culvertd = await start();
    const residentOfFiles = (): number =>
      Number(/^RssFile:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${culvertd.child.pid}/status`, 'utf8'))?.[1]) / 1024;
    const deadline = performance.now() + 30_000;
    // Node.js's own file alone has some 45 MiB of it after a start.
    while (residentOfFiles() > 30) {
      assert.ok(performance.now() < deadline, `still ${residentOfFiles()} MiB`);
      await sleep(50);
    }
    assert.equal((await culvertd.ask('status.get', {})).pid, culvertd.child.pid);
  });

  test('anybody may read the state, only root may change it', async () => {
    const culvertd = await start();
    const status = askAsNobody(culvertd, 'status.get', {});
    assert.ok(typeof status === 'object' && status !== null && 'ok' in status && status.ok === true);
    assert.match(JSON.stringify(askAsNobody(culvertd, 'policy.dump', {})), /"ok":true/);
    for (const [method, params] of [
      ['interface.create', { name: 'ipsec0' }],
      ['setkey.run', { text: 'flush;', semantics: 'file' }],
      ['setkey.dump', { what: 'associations', withKeys: true }],
    ] as const) {
      const answer = JSON.stringify(askAsNobody(culvertd, method, params));
      assert.match(answer, /"ok":false.*"API_DENIED"/, method);
    }
    assert.deepEqual(namespace.devices(), []);
  });

  test('the operator may change it too', async () => {
    const culvertd = await start('--operator', String(nobody));
    const answer = askAsNobody(culvertd, 'interface.create', { name: 'ipsec0' });
    assert.deepEqual(answer, { ok: true, value: {} });
    assert.deepEqual(namespace.devices(), ['ipsec0']);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`${signal} leaves no device, no socket and no lock`, async () => {
      const culvertd = await start();
      await makeTunnel(culvertd);
      assert.equal(await culvertd.kill(signal), 0, culvertd.log);
      assert.deepEqual(namespace.devices(), []);
      assert.deepEqual(readdirSync(dirname(culvertd.socket)), []);
      assert.doesNotMatch(readdirSync(join(culvertd.directory, 'state')).join(' '), /lock/);
    });
  }

  test('SIGKILL leaves devices with their routes, and the next culvertd takes them over', async () => {
    const culvertd = await start();
    await makeTunnel(culvertd);
    namespace.ip('route add 192.0.2.0/24 dev ipsec0');
    await culvertd.kill('SIGKILL');
    assert.match(namespace.ip('route show 192.0.2.0/24'), /dev ipsec0/);
    const next = await Culvertd.restart(culvertd.directory, namespace);
    running.push(next);
    assert.match(next.log, /"names":\["ipsec0"\],"msg":"devices of an earlier culvertd drop what is routed into them"/);
    await makeTunnel(next);
    assert.match(namespace.ip('route show 192.0.2.0/24'), /dev ipsec0/);
    assert.equal(await next.kill('SIGTERM'), 0);
    assert.deepEqual(namespace.devices(), []);
  });

  test('--remove-leftovers removes what a killed culvertd left, and nothing that a running one holds', async () => {
    const culvertd = await start();
    await makeTunnel(culvertd);
    await culvertd.kill('SIGKILL');
    const removeLeftovers = () => namespace.run(process.execPath, 'core/helper/main.ts', '--remove-leftovers');
    const next = await Culvertd.restart(culvertd.directory, namespace);
    running.push(next);
    await next.ask('interface.create', { name: 'ipsec7' });
    const { status, stdout } = removeLeftovers();
    assert.deepEqual([status, stdout], [0, 'ipsec0 removed\nipsec7 is held by a running culvertd\n']);
    assert.deepEqual(namespace.devices(), ['ipsec7']);
  });

  test('--keep-interfaces never: SIGKILL leaves nothing; always: SIGTERM leaves devices', async () => {
    for (const [when, signal, left] of [
      ['never', 'SIGKILL', []],
      ['always', 'SIGTERM', ['ipsec0']],
    ] as const) {
      const culvertd = await start('--keep-interfaces', when);
      await makeTunnel(culvertd);
      await culvertd.kill(signal);
      assert.deepEqual(namespace.devices(), left, when);
    }
  });

  test('a second culvertd on the same state directory or socket is refused, and the first serves on', async () => {
    const culvertd = await start();
    const sameState = await Culvertd.restart(culvertd.directory, namespace);
    assert.equal(await sameState.exited, 1);
    assert.match(sameState.log, /culvertd: .*in use by another culvertd \(pid \d+\)\nStop that culvertd.*--state-dir/);
    assert.doesNotMatch(sameState.log, /could not start/, 'it is said once');
    const otherState = ['--state-dir', join(culvertd.directory, 'other')];
    const sameSocket = await Culvertd.restart(culvertd.directory, namespace, ...otherState);
    assert.equal(await sameSocket.exited, 1);
    assert.match(sameSocket.log, /culvertd: .*control\.sock.*\n.*--socket/);
    await culvertd.ask('status.get', {});
  });

  for (const args of [['--frob'], ['--log-level', 'loud'], ['--reqid-base', 'many'], ['start']]) {
    test(`"${args.join(' ')}" is refused in one line that names it and what helps`, async () => {
      const refused = await Culvertd.start(namespace, ...args);
      running.push(refused);
      assert.equal(await refused.exited, 1);
      assert.match(refused.log, /^culvertd: [^\n]+ \(culvertd --help lists the options\)\n$/);
    });
  }

  test('goes on when nobody reads its log any more', async () => {
    const culvertd = await start();
    culvertd.child.stderr?.destroy();
    for (let unit = 0; unit < 3; unit++) await culvertd.ask('interface.create', { name: `ipsec${unit}` });
    assert.equal(namespace.devices().length, 3);
    assert.equal(await culvertd.kill('SIGTERM'), 0);
    assert.deepEqual(readdirSync(dirname(culvertd.socket)), []);
  });

  test('keys do not get into the log, whether the text is good or bad', async () => {
    const culvertd = await start();
    const add = `add 192.0.2.1 192.0.2.2 esp 0x1000 -E aes-gcm-16 0x${secret};`;
    await culvertd.ask('setkey.run', { text: add, semantics: 'file' });
    await culvertd.request('setkey.run', { text: `add 192.0.2.1 0x${secret} esp;`, semantics: 'file' });
    await culvertd.request('setkey.run', { text: add, semantics: `0x${secret}` });
    await culvertd.request('setkey.run', { text: { [secret]: secret } });
    await culvertd.request('interface.create', { name: 'ipsec0', [secret]: secret });
    assert.equal(await culvertd.kill('SIGTERM'), 0);
    assert.match(culvertd.log, /setkey\.run/);
    assert.doesNotMatch(culvertd.log, /00112233/);
  });

  const refusedOptions = [
    { args: ['--operator', 'no-such-user-here'], says: /--operator no-such-user-here: no such user/ },
    { args: ['--log-level', 'loud'], says: /--log-level/ },
    { args: ['--state-dir', '/proc/culvert'], says: /\/proc\/culvert: E[A-Z]+\n.*--state-dir/ },
    { args: ['--socket', `/tmp/${'x'.repeat(120)}`], says: /more than 107/ },
    { args: ['--log-file', '/proc/nothing/log'], says: /log file/ },
    { args: ['--key', secret], says: /--key/ },
  ];
  for (const { args, says } of refusedOptions) {
    test(`${args[0]} ${args[1]?.slice(0, 20)} is refused with status 1 and leaves nothing`, async () => {
      const culvertd = await start(...args);
      assert.equal(await culvertd.exited, 1);
      assert.match(culvertd.log, says);
      assert.deepEqual(namespace.devices(), []);
    });
  }
});
