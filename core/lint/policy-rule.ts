/**
 * Policies that never decide, because an earlier one of the same direction covers all that they cover (RFC 4301 §4.4.1:
 * the SPD is ordered), and policies that stand there twice. Those of the interfaces count as earlier.
 * @module
 */
import type { PolicySpec } from '#core/spd/security-policy.ts';
import { anyProtocol, isAddressRange, portText, selectorKey } from '#core/spd/selector.ts';
import { deletionOrder } from '#core/ipsecif/generated-policy.ts';
import { finding, type Finding } from './finding.ts';
import type { LintInput } from './lint-input.ts';
import { NetworkMap } from './network-map.ts';

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

/** Policies between two networks, by direction, protocol and ports; of each the first. */
type Between = Map<string, Known>;

/**
 * Earlier policies. A look costs what there is of lengths of prefixes, however many policies there are. Texts write
 * prefixes only; a range, which no text writes, covers only itself here.
 */
class KnownPolicies {
  readonly #bySelector = new Map<string, Known>();
  readonly #byNetworks = new NetworkMap<NetworkMap<Between>>();

  add(known: Known): void {
    const { direction, selector } = known.spec;
    this.#bySelector.set(`${direction} ${selectorKey(selector)}`, known);
    const { source, destination } = selector;
    if (isAddressRange(source) || isAddressRange(destination)) return;
    const near = this.#byNetworks.at(source, () => new NetworkMap());
    const between = near.at(destination, () => new Map());
    const [narrowest] = upperKeys(known.spec);
    if (!between.has(narrowest)) between.set(narrowest, known);
  }

  twinOf({ direction, selector }: PolicySpec): Known | null {
    return this.#bySelector.get(`${direction} ${selectorKey(selector)}`) ?? null;
  }

  coverOf(spec: PolicySpec): Known | null {
    const { source, destination } = spec.selector;
    if (isAddressRange(source) || isAddressRange(destination)) return null;
    const keys = upperKeys(spec);
    for (const near of this.#byNetworks.containing(source)) {
      for (const between of near.containing(destination)) {
        const key = keys.find((each) => between.has(each));
        if (key !== undefined) return between.get(key) ?? null;
      }
    }
    return null;
  }
}

/** Direction, protocol and ports of a policy as a text, and then of all that cover them. */
function upperKeys({ direction, selector }: PolicySpec): [string, ...string[]] {
  const { upperProtocol, sourcePort, destinationPort } = selector;
  const key = (protocol: number, from: string, to: string): string => `${direction} ${protocol} ${from} ${to}`;
  const [from, to, any] = [portText(sourcePort), portText(destinationPort), portText(0)];
  const wider = [upperProtocol, anyProtocol].flatMap((protocol) => [
    ...[key(protocol, from, to), key(protocol, from, any)],
    ...[key(protocol, any, to), key(protocol, any, any)],
  ]);
  return [key(upperProtocol, from, to), ...wider];
}
