import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCheck } from '#core/cli/check/check-command.ts';
import { connectHelper } from '#core/client/helper-client.ts';
import { startFakeHelper } from '#test/core/cli/fake-helper.ts';

const good = 'spdadd 192.0.2.1 192.0.2.2 tcp -P out none;\n';
const bad = `${good}${good}`;
const inner = 'ifconfig ipsec3 create\nifconfig ipsec3 inet 10.1.2.3/24\n';

function terminal(files: Readonly<Record<string, string>>) {
  const printed: string[] = [];
  const told: string[] = [];
  return {
    ...{ printed, told },
    print: (text: string) => void printed.push(text),
    complain: (text: string) => void told.push(text),
    readInput: async () => files['-'] ?? '',
    readFile: async (path: string) => files[path] ?? '',
  };
}

const noHelper = () => connectHelper('/nonexistent/culvert.sock');

test('exits with 0 where nothing is found and with 1 where a finding is an error', async () => {
  const clean = terminal({ 'p.conf': good });
  assert.equal(await runCheck(['p.conf'], false, { terminal: clean, connect: noHelper }), 0);
  assert.equal(clean.printed.join(''), 'nothing found\n');
  const wrong = terminal({ '-': bad });
  assert.equal(await runCheck(['-'], false, { terminal: wrong, connect: noHelper }), 1);
  assert.match(
    wrong.printed.join(''),
    /^standard input:2:1: error POLICY_DUPLICATE: .*\n {4}why: .*\n {4}fix: .*\n1 error\n$/,
  );
});

test('prints one JSON object, and says what it could not ask', async () => {
  const screen = terminal({ 'ifconfig.ipsec3': inner });
  assert.equal(await runCheck(['ifconfig.ipsec3'], true, { terminal: screen, connect: noHelper }), 0);
  const report = JSON.parse(screen.printed.join('')) as { findings: unknown[]; skipped: string[] };
  assert.deepEqual(report.findings, []);
  assert.equal(report.skipped.length, 1);
});

test('compares with the networks that the helper tells', async (context) => {
  const helper = await startFakeHelper(context, {
    'host.networks': () => ({
      addresses: [{ device: 'eth0', address: '10.1.2.9', prefixLength: 16 }],
      ...{ routes: [], dnsServers: [] },
    }),
  });
  const screen = terminal({ 'ifconfig.ipsec3': inner });
  const status = await runCheck(['ifconfig.ipsec3'], false, {
    terminal: screen,
    connect: () => connectHelper(helper.path),
  });
  assert.equal(status, 0);
  assert.match(
    screen.printed.join(''),
    /warning NETWORK_OVERLAP: 10\.1\.2\.0\/24 overlaps with 10\.1\.0\.0\/16 on eth0/,
  );
});
