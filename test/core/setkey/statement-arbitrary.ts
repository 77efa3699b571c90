/**
 * Random setkey trees for the round-trip property, and the comparison that leaves positions out.
 * @module
 */
import fc from 'fast-check';
import { toHex } from '#core/base/bytes.ts';
import { encryptionAlgorithms, integrityAlgorithms, refusedAlgorithms } from '#core/crypto/algorithms.ts';
import { KeyMaterial } from '#core/crypto/key-material.ts';
import { paddingKinds } from '#core/crypto/transform.ts';
import { formatAddress, type IpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import {
  associationProtocolWords,
  policyActions,
  policyDirections,
  ruleLevels,
  ruleModes,
  ruleProtocols,
} from '#core/setkey/syntax.ts';
import type { PolicyRule, Statement } from '#core/setkey/syntax.ts';

/** A tree without positions and marks, keys as text: equal trees mean the same. */
export function comparable(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (name, value: unknown) => {
      if (name === 'position' || name === 'marks') return undefined;
      if (typeof value === 'object' && value !== null && 'key' in value && value.key instanceof KeyMaterial) {
        return { ...value, key: toHex(value.key.reveal()) };
      }
      return value;
    }),
  );
}

const position = { line: 1, column: 1 };
const marks = {};
const seconds = fc.oneof(fc.nat(), fc.maxSafeNat());
const port = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 65535 }));

const ipv4 = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => formatAddress(bytes, 0, 4));
const ipv6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => formatAddress(bytes, 0, 6));
const mapped = fc
  .uint8Array({ minLength: 4, maxLength: 4 })
  .map((bytes) => formatAddress(Uint8Array.of(...Array<number>(10).fill(0), 0xff, 0xff, ...bytes), 0, 6));
const zoned = fc
  .tuple(fc.integer({ min: 1, max: 99 }), fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/))
  .map(([unit, zone]) => `fe80::${unit}%${zone}` as IpAddress);
const address = fc.oneof(ipv4, ipv6, mapped, zoned);
const endpoint = fc.record({ address, port });
const selectorEnd = fc.tuple(address, fc.integer({ min: 0, max: 128 }), port).map(([base, length, number]) => ({
  prefix: parsePrefix(`${base}/${base.includes(':') ? length : length % 33}`),
  port: number,
}));
const lookup = fc.record({ family: fc.constant(null), isNumeric: fc.boolean() });
const protocol = fc.constantFrom(...associationProtocolWords);
const quotable = fc.string({ maxLength: 12 }).map((text) => text.replace(/["\n]/g, ''));
const context = fc.option(
  fc.record({ doi: fc.nat(65535), algorithm: fc.nat(65535), text: quotable, position: fc.constant(position) }),
);
const key = fc.uint8Array({ minLength: 0, maxLength: 70 }).map((bytes) => new KeyMaterial(bytes));

const keyed = (
  names: readonly string[],
): fc.Arbitrary<{ name: string; key: KeyMaterial | null; position: typeof position } | null> =>
  fc.option(
    fc
      .tuple(fc.constantFrom(...names), key)
      .map(([name, bytes]) => ({ name, key: name === 'null' ? null : bytes, position })),
  );
const encryption = keyed([...Object.keys(encryptionAlgorithms), ...Object.keys(refusedAlgorithms)]);
const integrity = keyed([...Object.keys(integrityAlgorithms), 'null', ...Object.keys(refusedAlgorithms)]);
const compression = fc.option(
  fc.record({ name: fc.constantFrom('deflate', 'lzs', 'oui'), isRaw: fc.boolean(), position: fc.constant(position) }),
);

const anyOptions = fc.record({
  mode: fc.constantFrom('transport' as const, 'tunnel' as const, 'any' as const),
  reqid: fc.nat(0xffffffff),
  replayBytes: fc.oneof(fc.nat(300), fc.nat(0xffffffff)),
  padding: fc.constantFrom(...Object.values(paddingKinds)),
  isCyclic: fc.boolean(),
  hasEsn: fc.boolean(),
  softSeconds: seconds,
  hardSeconds: seconds,
  softBytes: seconds,
  hardBytes: seconds,
  context,
  fragmentBytes: fc.nat(65535),
});

/** What the grammar ties together: SPI width, -r and -esp_frag by protocol. */
const named = fc
  .record({ lookup, source: endpoint, destination: endpoint, protocol, spi: fc.nat(0xffffffff), options: anyOptions })
  .map((name) => ({
    ...name,
    spi: name.protocol === 'ipcomp' ? name.spi % 65536 : name.spi,
    options: {
      ...name.options,
      replayBytes: name.protocol.endsWith('-old') ? 0 : name.options.replayBytes,
      fragmentBytes: name.protocol === 'esp-udp' ? name.options.fragmentBytes : 0,
    },
  }));

const associationStatement = fc
  .record({
    kind: fc.constantFrom('add' as const, 'update' as const),
    name: named,
    natOriginal: fc.option(address),
    encryption,
    integrity,
    compression,
  })
  .map(({ kind, name, natOriginal, ...algorithms }) => ({
    kind,
    position,
    marks,
    ...name,
    natOriginal: name.protocol === 'esp-udp' ? natOriginal : null,
    ...algorithms,
  }));

const nameStatement = fc
  .record({ kind: fc.constantFrom('get' as const, 'delete' as const), name: named })
  .map(({ kind, name }) => ({ kind, position, marks, ...name }));

const rule: fc.Arbitrary<PolicyRule> = fc
  .record({
    protocol: fc.constantFrom(...ruleProtocols),
    mode: fc.constantFrom(...ruleModes),
    endpoints: fc.oneof(
      fc.constant(null),
      fc.constantFrom('me-any' as const, 'any-me' as const),
      fc.record({ source: address, destination: address, sourcePort: port, destinationPort: port }).map((pair) => ({
        source: { address: pair.source, port: pair.sourcePort },
        destination: { address: pair.destination, port: pair.destinationPort },
      })),
    ),
    level: fc.constantFrom(...ruleLevels),
    reqid: fc.option(fc.integer({ min: 1, max: 65535 })),
  })
  .map((row) => ({ ...row, reqid: row.level === 'unique' ? row.reqid : null, position }));

const policy = fc
  .record({
    direction: fc.constantFrom(...policyDirections),
    priority: fc.option(fc.constantFrom('high', 'low + 10', '-5', 'def - 3')),
    action: fc.constantFrom(...policyActions),
    rules: fc.array(rule, { maxLength: 3 }),
    needed: rule,
  })
  .map(({ needed, ...row }) => ({
    ...row,
    // Of the actions only ipsec needs a rule.
    rules: row.action === 'ipsec' && row.rules.length === 0 ? [needed] : row.rules,
  }));

/** What stands behind -P in spddelete may be the direction alone, or an action without rules. */
const shortPolicy = fc
  .record({
    direction: fc.constantFrom(...policyDirections),
    action: fc.option(fc.constantFrom(...policyActions)),
  })
  .map((row) => ({ ...row, priority: null, rules: [] }));

const messageUpper = fc.record({
  protocol: fc.constantFrom(1, 58, 135),
  message: fc.option(fc.record({ type: fc.nat(255), code: fc.option(fc.nat(255)) })),
  greKey: fc.constant(null),
});
const greUpper = fc.record({
  protocol: fc.constant(47),
  message: fc.constant(null),
  greKey: fc.option(fc.nat(0xffffffff)),
});
const plainUpper = fc.record({ protocol: fc.nat(255), message: fc.constant(null), greKey: fc.constant(null) });

const policyStatement = fc
  .record({
    kind: fc.constantFrom('spdadd' as const, 'spdupdate' as const, 'spddelete' as const),
    position: fc.constant(position),
    marks: fc.constant(marks),
    lookup,
    source: selectorEnd,
    destination: selectorEnd,
    upper: fc.oneof(messageUpper, greUpper, plainUpper),
    context,
    policy,
    shortened: fc.option(shortPolicy),
  })
  .map(({ shortened, ...statement }) =>
    statement.kind === 'spddelete' && shortened !== null ? { ...statement, policy: shortened } : statement,
  )
  .map((statement) => {
    const hasPorts = statement.source.port !== 0 || statement.destination.port !== 0;
    return hasPorts ? { ...statement, upper: { ...statement.upper, message: null, greKey: null } } : statement;
  });

/** Any statement that the grammar knows. */
export const anyStatement: fc.Arbitrary<Statement> = fc.oneof(
  associationStatement,
  nameStatement,
  policyStatement,
  fc.record({
    kind: fc.constant('deleteall' as const),
    position: fc.constant(position),
    marks: fc.constant(marks),
    lookup,
    source: address,
    destination: address,
    protocol,
  }),
  fc.record({
    kind: fc.constantFrom('flush' as const, 'dump' as const),
    position: fc.constant(position),
    protocol: fc.option(protocol),
  }),
  fc.record({
    kind: fc.constant('tagged' as const),
    verb: fc.constantFrom('spdadd' as const, 'spdupdate' as const),
    position: fc.constant(position),
    marks: fc.constant(marks),
    // Where a bare word is a number, its spelling may change; a tag of that look may not.
    tag: quotable.filter((tag) => !/^0x/i.test(tag)),
    policy,
  }),
  fc.record({ kind: fc.constantFrom('spdflush' as const, 'spddump' as const), position: fc.constant(position) }),
);
