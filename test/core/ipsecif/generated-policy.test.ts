import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { initialFlags } from '#core/ipsecif/flags.ts';
import {
  deletionOrder,
  generatePolicies,
  nameGenerated,
  sequentialReqids,
  type PolicyInput,
} from '#core/ipsecif/generated-policy.ts';
import { Spd } from '#core/spd/spd.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

const outer = { local: parseIpAddress('10.0.0.1'), peer: parseIpAddress('10.0.0.2'), localPort: 0, peerPort: 0 };
const input: PolicyInput = { unit: 0, outer, flags: initialFlags, reqidMode: sequentialReqids };

function describe(changes: Partial<PolicyInput>): string[] {
  return generatePolicies({ ...input, ...changes }).map(({ direction, selector, action, requests }) => {
    const request = requests
      .map(({ protocol, mode, level, reqid }) => ` ${protocol}/${mode}/${level}:${reqid}`)
      .join('');
    return `${direction} ${selector.source} ${selector.destination} ${selector.upperProtocol} ${action}${request}`;
  });
}

test('makes in4, out4, in6, out6 around the outer addresses, one unique request each', () => {
  assert.deepEqual(describe({}), [
    'in 10.0.0.2/32 10.0.0.1/32 4 protect esp/transport/unique:0',
    'out 10.0.0.1/32 10.0.0.2/32 4 protect esp/transport/unique:0',
    'in 10.0.0.2/32 10.0.0.1/32 41 protect esp/transport/unique:0',
    'out 10.0.0.1/32 10.0.0.2/32 41 protect esp/transport/unique:0',
  ]);
});

test('without link2 the IPv6 policies discard', () => {
  assert.deepEqual(describe({ flags: { ...initialFlags, link2: false } }).slice(2), [
    'in 10.0.0.2/32 10.0.0.1/32 41 discard',
    'out 10.0.0.1/32 10.0.0.2/32 41 discard',
  ]);
});

test('with link0 the level is require, without reqid and without ports', () => {
  const natT = { flags: { ...initialFlags, link0: true }, outer: { ...outer, localPort: 4500, peerPort: 4501 } };
  assert.deepEqual(describe(natT)[0], 'in 10.0.0.2/32 10.0.0.1/32 4 protect esp/transport/require:0');
  for (const { selector } of generatePolicies({ ...input, ...natT })) {
    assert.deepEqual([selector.sourcePort, selector.destinationPort], [0, 0]);
  }
});

test('fixed reqids are base + 2n for IPv4 and the next for IPv6, and end at 16383', () => {
  const reqids = (unit: number): (number | undefined)[] =>
    generatePolicies({ ...input, unit, reqidMode: { kind: 'fixed', base: 8192 } }).map(
      ({ requests }) => requests[0]?.reqid,
    );
  assert.deepEqual(reqids(0), [8192, 8192, 8193, 8193]);
  assert.deepEqual(reqids(1), [8194, 8194, 8195, 8195]);
  assert.deepEqual(reqids(4095), [16382, 16382, 16383, 16383]);
  assert.equal(
    thrownCode(() => reqids(4096)),
    'INTERFACE_LIMIT',
  );
});

test('goes away in the order out4, in4, out6, in6', () => {
  const named = nameGenerated(new Spd().installKernel(generatePolicies(input)));
  assert.deepEqual(
    deletionOrder(named).map(({ spid }) => spid),
    [2, 1, 4, 3],
  );
});
