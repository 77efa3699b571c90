/**
 * Policies that never decide, because an earlier one of the same direction covers all that they cover (RFC 4301 §4.4.1:
 * the SPD is ordered), and policies that stand there twice. Those of the interfaces count as earlier.
 * @module
 */
import { addressFamily } from '#core/ip/address.ts';
import { networkPrefix, prefixContains, prefixParts, type IpPrefix } from '#core/ip/prefix.ts';
import type { PolicySpec } from '#core/spd/security-policy.ts';
import { anyProtocol, selectorKey, type AddressSelector, type Selector } from '#core/spd/selector.ts';
import { deletionOrder } from '#core/ipsecif/generated-policy.ts';
import { finding, type Finding } from './finding.ts';
import type { LintInput } from './lint-input.ts';

type Known = { readonly spec: PolicySpec; readonly label: string };

/** Find them. */
export function policyRule({ policies, ipsecif }: LintInput): Finding[] {
  const known = new KnownPolicies();
  for (const record of ipsecif.list()) {
    if (record.policies === null) continue;
    const label = `the policy of ${record.name}`;
    for (const spec of deletionOrder(record.policies)) known.add({ spec, label });
  }
  return policies.flatMap(({ place, spec }): Finding[] => {
    const twin = known.twinOf(spec);
    const cover = twin === null ? known.coverOf(spec) : null;
    known.add({ spec, label: `the policy in line ${place.line} of ${place.file}` });
    if (twin !== null) return [finding('POLICY_DUPLICATE', place, `it has the selector of ${twin.label}`)];
    return cover === null ? [] : [finding('POLICY_SHADOWED', place, `${cover.label} covers all that it covers`)];
  });
}

/** Earlier policies, found by the lengths of their prefixes: of those there are few, however many policies there are. */
class KnownPolicies {
  readonly #bySelector = new Map<string, Known>();
  readonly #byNetworks = new Map<string, Known[]>();
  readonly #lengths = new Map<string, { readonly source: number; readonly destination: number }>();

  add(known: Known): void {
    const { direction, selector } = known.spec;
    this.#bySelector.set(`${direction} ${selectorKey(selector)}`, known);
    const { source, destination } = selector;
    if (!isPrefix(source) || !isPrefix(destination)) return;
    const lengths = { source: prefixParts(source).length, destination: prefixParts(destination).length };
    this.#lengths.set(`${lengths.source} ${lengths.destination}`, lengths);
    const key = `${direction} ${networkPrefix(source)} ${networkPrefix(destination)}`;
    const others = this.#byNetworks.get(key);
    if (others === undefined) this.#byNetworks.set(key, [known]);
    else others.push(known);
  }

  twinOf({ direction, selector }: PolicySpec): Known | null {
    return this.#bySelector.get(`${direction} ${selectorKey(selector)}`) ?? null;
  }

  coverOf({ direction, selector }: PolicySpec): Known | null {
    const { source, destination } = selector;
    if (!isPrefix(source) || !isPrefix(destination)) return null;
    for (const lengths of this.#lengths.values()) {
      const [from, to] = [widened(source, lengths.source), widened(destination, lengths.destination)];
      if (from === null || to === null) continue;
      const cover = this.#byNetworks
        .get(`${direction} ${from} ${to}`)
        ?.find((each) => covers(each.spec.selector, selector));
      if (cover !== undefined) return cover;
    }
    return null;
  }
}

/** The network of this length that a prefix lies in; null when it is wider than that. */
function widened(prefix: IpPrefix, length: number): IpPrefix | null {
  const parts = prefixParts(prefix);
  return parts.length < length ? null : networkPrefix(`${parts.address}/${length}` as IpPrefix);
}

/** Whether every packet that `inner` covers is covered by `outer`. */
function covers(outer: Selector, inner: Selector): boolean {
  return (
    (outer.upperProtocol === anyProtocol || outer.upperProtocol === inner.upperProtocol) &&
    (outer.sourcePort === 0 || samePort(outer.sourcePort, inner.sourcePort)) &&
    (outer.destinationPort === 0 || samePort(outer.destinationPort, inner.destinationPort)) &&
    coversAddresses(outer.source, inner.source) &&
    coversAddresses(outer.destination, inner.destination)
  );
}

function samePort(left: Selector['sourcePort'], right: Selector['sourcePort']): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Texts write prefixes only; a range, which no text writes, covers only itself here. */
function coversAddresses(outer: AddressSelector, inner: AddressSelector): boolean {
  if (!isPrefix(outer) || !isPrefix(inner)) return outer === inner;
  const { address, length } = prefixParts(inner);
  const outerParts = prefixParts(outer);
  if (addressFamily(outerParts.address) !== addressFamily(address)) return false;
  return outerParts.length <= length && prefixContains(outer, address);
}

function isPrefix(addresses: AddressSelector): addresses is IpPrefix {
  return addresses.includes('/');
}
