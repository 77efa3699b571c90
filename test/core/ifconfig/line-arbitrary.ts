/**
 * Random trees of ifconfig's language, as the parser could give them.
 * @module
 */
import fc from 'fast-check';
import { formatAddress, isMulticast, type AddressFamily, type IpAddress } from '#core/ip/address.ts';
import { userFlags, type IfconfigLine, type InterfaceChange } from '#core/ifconfig/syntax.ts';

const nowhere = { line: 0, column: 0 };

const addressArbitrary = (family: AddressFamily): fc.Arbitrary<IpAddress> => {
  const length = family === 4 ? 4 : 16;
  return fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes) => formatAddress(bytes, 0, family))
    .filter((address) => !isMulticast(address));
};

const family = fc.constantFrom<AddressFamily>(4, 6);
const port = fc.integer({ min: 0, max: 65535 });

const tunnelArbitrary = family.chain((each) =>
  fc.record({
    kind: fc.constant('tunnel' as const),
    local: addressArbitrary(each),
    peer: addressArbitrary(each),
    localPort: port,
    peerPort: port,
  }),
);

const innerArbitrary = family.chain((each) =>
  fc.record({
    kind: fc.constant('address' as const),
    address: addressArbitrary(each),
    prefixLength: fc.integer({ min: 0, max: each === 4 ? 32 : 128 }),
    peer: fc.option(addressArbitrary(each)),
  }),
);

/** One change. */
export const changeArbitrary: fc.Arbitrary<InterfaceChange> = fc.oneof(
  fc.constantFrom<InterfaceChange>({ kind: 'create' }, { kind: 'destroy' }, { kind: 'deletetunnel' }),
  fc.boolean().map((isUp) => ({ kind: 'up' as const, isUp })),
  fc.record({ kind: fc.constant('flag' as const), flag: fc.constantFrom(...userFlags), isSet: fc.boolean() }),
  fc.record({ kind: fc.constant('mtu' as const), mtu: fc.integer({ min: 0, max: 999_999 }) }),
  tunnelArbitrary,
  innerArbitrary,
  family.chain((each) => fc.record({ kind: fc.constant('delete' as const), address: addressArbitrary(each) })),
);

const text = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '#', '!', '"', '0'), maxLength: 12 });
const comment = fc.option(text.map((each) => each.trimEnd()));

/** One line. */
export const lineArbitrary: fc.Arbitrary<IfconfigLine> = fc.oneof(
  comment.map((each) => ({ kind: 'blank' as const, position: nowhere, comment: each })),
  text.map((each) => ({ kind: 'shell' as const, position: nowhere, command: each.trim() })),
  fc.record({
    kind: fc.constant('statements' as const),
    position: fc.constant(nowhere),
    name: fc.option(fc.nat({ max: 0x7fff }).map((unit) => `ipsec${unit}`)),
    statements: fc.array(
      changeArbitrary.map((change) => ({ ...change, position: nowhere })),
      { minLength: 1, maxLength: 5 },
    ),
    comment,
  }),
);

/** The tree without its positions. */
export function withoutPositions(lines: readonly IfconfigLine[]): unknown {
  return JSON.parse(JSON.stringify(lines, (key, value: unknown) => (key === 'position' ? undefined : value)));
}
