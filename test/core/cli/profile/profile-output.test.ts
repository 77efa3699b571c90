/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exposureText, formatProfile, formatProfiles, stateText } from '#core/cli/profile/profile-output.ts';
import { exampleAnswer, exampleProblem } from '#test/support/profile/profile-answer.ts';
import { exampleProfile, natTraversalProfile } from '#test/support/profile/profiles.ts';

test('the table says what each does, honestly', () => {
  const named = natTraversalProfile({
    name: 'far',
    peer: { host: 'vpn.example.com', port: 4500 },
    startup: 'up',
  }).profile;
  const text = formatProfiles({
    profiles: [
      exampleAnswer({ tunnelState: 'hears-nothing' }),
      exampleAnswer({ profile: named, phase: 'retrying', tunnelState: null, outer: null }),
    ],
    setAside: [],
  });
  assert.equal(
    text,
    [
      'NAME    STATE                 INTERFACE  PEER                  COMES UP',
      'office  sends, hears nothing  ipsec0     192.0.2.2             by hand',
      'far     retrying              ipsec0     vpn.example.com,4500  at start',
      '',
    ].join('\n'),
  );
  assert.match(formatProfiles({ profiles: [], setAside: [] }), /culvert profile create/);
});

test('one profile shows everything but keys, and these by their length', () => {
  assert.equal(
    formatProfile(exampleAnswer()),
    [
      'office (revision 3)',
      '  state       up; 192.0.2.1 to 192.0.2.2',
      '  interface   ipsec0, MTU 1280, link2',
      '  local       192.0.2.1',
      '  peer        192.0.2.2',
      '  address     172.16.1.1/32 to 172.16.2.1',
      '  address     fd00::1:1/128 to fd00::2:1',
      '  route       10.2.0.0/16',
      '  network     10.1.0.0/16',
      '  keys        by hand: aes-cbc with hmac-sha256',
      '  SPIs        ipv4: out 0x00001001, in 0x00001002, 128-bit keys',
      '  SPIs        ipv6: out 0x00001003, in 0x00001004, 128-bit keys',
      '  comes up    by hand',
      '  fail closed from up to down',
      '',
    ].join('\n'),
  );
});

test('what is refused without its tunnel is told, a few of many, and so is what down leaves unprotected', () => {
  const routes = ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16', '10.4.0.0/16', '10.5.0.0/16'];
  const off = { profile: exampleProfile({ routes }), phase: 'off', outer: null, revision: null } as const;
  const refusing = exampleAnswer({ ...off, tunnelState: null, refused: routes });
  const list = '10.1.0.0/16, 10.2.0.0/16, 10.3.0.0/16, 10.4.0.0/16 and 1 more';
  assert.equal(stateText(refusing), `off; refused, not sent elsewhere: ${list}`);
  assert.equal(exposureText(refusing), '');
  assert.equal(exposureText({ ...refusing, refused: [] }), `  not protected any more: ${list}\n`);
  assert.equal(exposureText({ ...refusing, refused: [], profile: exampleProfile({ routes: [] }) }), '');
});

test('the state tells what went wrong, and that an edit is not in use yet', () => {
  const text = stateText(exampleAnswer({ problem: exampleProblem, savedRevision: 4 }));
  assert.equal(
    text,
    'up; 192.0.2.1 to 192.0.2.2; vpn.example.com cannot be resolved (ENOTFOUND); edited since: takes effect when it comes up anew',
  );
});
