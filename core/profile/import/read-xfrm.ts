/**
 * Tunnels of Linux: XFRM interfaces, the policies and associations with their id, addresses and routes. Linux says tunnel
 * mode where ipsecif(4) says transport mode around IP-in-IP, which is the same on the wire.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { addressFamily, parseIpAddress } from '#core/ip/address.ts';
import { networkPrefix, parsePrefix, type IpPrefix } from '#core/ip/prefix.ts';
import { natTPort } from '#core/esp/udp-encapsulation.ts';
import { initialFlags } from '#core/ipsecif/flags.ts';
import type { InnerAddress } from '#core/ipsecif/inner-address.ts';
import { isInterfaceName } from '#core/ipsecif/interface.ts';
import { defaultMtu } from '#core/ipsecif/mtu.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import type { Findings, ImportedAssociation } from './imported.ts';
import { shownText } from './imported.ts';
import { withoutPlaceholders } from './placeholder.ts';
import type { NamedText } from './text-kind.ts';
import { xfrmEntries, type XfrmEntry } from './xfrm-entry.ts';
import { readXfrmState } from './xfrm-state.ts';
import { numberAfter, wordAfter } from './xfrm-word.ts';

type Link = { readonly id: number; mtu: number; readonly addresses: InnerAddress[]; readonly routes: IpPrefix[] };
type Policy = {
  readonly id: number;
  readonly family: 4 | 6;
  readonly pair: [string, string];
  /** Where it leads to; null for everything. */
  readonly destination: IpPrefix | null;
  readonly direction: string;
  readonly reqid: number;
};

/** What the entries of one file say, by interface. */
type Machine = {
  readonly links: Map<string, Link>;
  readonly policies: Policy[];
  readonly associations: ImportedAssociation[];
};

/** Read one file. `name` is what a person called it. */
export function readXfrm({ name: file, text }: NamedText, name: string | null, findings: Findings): void {
  const { text: filled, hadPlaceholders } = withoutPlaceholders(text);
  const machine: Machine = { links: new Map(), policies: [], associations: [] };
  for (const entry of xfrmEntries(filled)) {
    try {
      readEntry(entry, file, !hadPlaceholders, machine);
      if (entry.isCommand) tellForeign(entry, file, machine, findings);
    } catch (error) {
      if (!(error instanceof IpsecError)) throw error;
      findings.unmapped.push({ file, line: entry.line, text: entry.kind, why: error.message });
    }
  }
  findings.associations.push(...machine.associations);
  const linkIds = new Set([...machine.links.values()].map(({ id }) => id));
  for (const [device, link] of machine.links) addTunnel(device, link, machine, { file, name }, findings);
  const bare = machine.policies.filter(({ id, direction }) => direction === 'out' && !linkIds.has(id));
  for (const policies of Map.groupBy(bare, ({ id, pair }) => `${id} ${pair.join(' ')}`).values()) {
    const routes = policies.flatMap(({ destination }) => destination ?? []);
    const link = { id: policies[0]?.id ?? 0, mtu: defaultMtu, addresses: [], routes };
    addTunnel('', link, machine, { file, name, pair: policies[0]?.pair }, findings);
  }
}

function readEntry(entry: XfrmEntry, file: string, hasKeys: boolean, machine: Machine): void {
  const { kind, words, line } = entry;
  switch (kind) {
    case 'state':
      return void machine.associations.push({ file, line, hasKeys, ...readXfrmState(words) });
    case 'policy':
      return readPolicy(words, machine);
    case 'link':
      return readLink(words, machine);
    case 'set': {
      const link = machine.links.get(wordAfter(words, 'dev') ?? words[0] ?? '');
      if (link !== undefined) link.mtu = numberAfter(words, 'mtu') ?? link.mtu;
      return;
    }
    case 'address':
      return void machine.links.get(wordAfter(words, 'dev') ?? '')?.addresses.push(readInner(words));
    case 'route':
      return void machine.links.get(wordAfter(words, 'dev') ?? '')?.routes.push(readDestination(words[0] ?? ''));
    case 'other':
  }
}

/** A command about a device that is no XFRM interface of this text, as those of VTI scripts are. */
function tellForeign({ kind, words, line }: XfrmEntry, file: string, { links }: Machine, { unmapped }: Findings): void {
  if (kind !== 'link' && kind !== 'set' && kind !== 'address' && kind !== 'route') return;
  // `link add NAME … dev lo` has the device underneath behind `dev`.
  const named = kind === 'link' ? wordAfter(words, 'name') : wordAfter(words, 'dev');
  const device = named ?? (kind === 'link' || kind === 'set' ? (words[0] ?? '') : '');
  if (links.has(device)) return;
  const what = { link: 'it', set: 'what is set of it', address: 'its address', route: 'its route' }[kind];
  const why = `${device === '' ? 'the device' : device} is no XFRM interface, so ${what} is not taken over`;
  unmapped.push({ file, line, text: shownText(`${kind === 'set' ? 'link set' : kind} ${words.join(' ')}`), why });
}

function readPolicy(words: readonly string[], { policies }: Machine): void {
  const at = words.indexOf('tmpl');
  const template = words.slice(at + 1);
  const [source, destination] = [wordAfter(template, 'src'), wordAfter(template, 'dst')];
  if (at < 0 || source === null || destination === null) return;
  const mode = wordAfter(template, 'mode') ?? 'transport';
  if (mode !== 'tunnel') throw new IpsecError('IMPORT_FORMAT', `a policy of mode ${mode} makes no tunnel`);
  const selector = wordAfter(words, 'src') ?? '';
  const target = wordAfter(words.slice(0, at), 'dst') ?? '';
  policies.push({
    id: numberAfter(words, 'if_id') ?? 0,
    family: selector.includes(':') ? 6 : 4,
    pair: [source, destination],
    destination: /^(any|all|default|.*\/0|)$/.test(target) ? null : readDestination(target),
    direction: wordAfter(words, 'dir') ?? '',
    reqid: numberAfter(template, 'reqid') ?? 0,
  });
}

/** `link add NAME type xfrm if_id N`, or `5: NAME@lo: <…> mtu 1400 … xfrm if_id 0x1 … inet A peer B/len …`. */
function readLink(words: readonly string[], { links }: Machine): void {
  const isDump = /^[0-9]+:$/.test(words[0] ?? '');
  const name = isDump ? (words[1] ?? '').replace(/(@.*)?:$/, '') : (wordAfter(words, 'name') ?? words[0] ?? '');
  const known = links.get(name);
  const id = numberAfter(words, 'if_id');
  if (id === null && known === undefined) return;
  const link = known ?? { id: id ?? 0, mtu: defaultMtu, addresses: [], routes: [] };
  link.mtu = numberAfter(words, 'mtu') ?? link.mtu;
  links.set(name, link);
  if (!isDump) return;
  for (const [index, word] of words.entries()) {
    // The kernel gives each interface a link-local address of its own.
    if (word === 'inet' || (word === 'inet6' && words[index + 1]?.startsWith('fe80:') === false))
      link.addresses.push(readInner(words.slice(index + 1, index + 4)));
  }
}

/** `A/len`, or `A peer B/len`. */
function readInner(words: readonly string[]): InnerAddress {
  const peerText = wordAfter(words, 'peer');
  const { address, length } = splitPrefix(words[0] ?? '');
  if (peerText === null) return { address, prefixLength: length, peer: null };
  const far = splitPrefix(peerText);
  return { address, prefixLength: far.length, peer: far.address };
}

function splitPrefix(text: string): { readonly address: InnerAddress['address']; readonly length: number } {
  const [host = '', length] = text.split('/');
  const address = parseIpAddress(host);
  return { address, length: length === undefined ? (addressFamily(address) === 4 ? 32 : 128) : Number(length) };
}

function readDestination(text: string): IpPrefix {
  if (text === 'default') return networkPrefix(parsePrefix('0.0.0.0/0'));
  if (text.includes('/')) return networkPrefix(parsePrefix(text));
  return networkPrefix(parsePrefix(`${text}/${text.includes(':') ? 128 : 32}`));
}

function addTunnel(
  device: string,
  link: Link,
  machine: Machine,
  {
    file,
    name,
    pair,
  }: { readonly file: string; readonly name: string | null; readonly pair?: Policy['pair'] | undefined },
  { tunnels, unmapped }: Findings,
): void {
  const policies = machine.policies.filter(
    (each) => each.id === link.id && (pair === undefined || isOf(each.pair, pair)),
  );
  const outbound = policies.filter(({ direction }) => direction === 'out');
  const [first] = outbound;
  const tell = (why: string): void => void unmapped.push({ file, line: 0, text: shownText(device), why });
  if (first === undefined) return tell('no policy out has its id, so its outer addresses are not known');
  const outer = outerOf(first.pair, link.id, machine.associations);
  const isNatT = machine.associations.some(
    ({ spec, interfaceId }) =>
      (interfaceId ?? 0) === link.id &&
      spec.protocol === 'esp-udp' &&
      isOf([spec.source, spec.destination], [outer.local, outer.peer]),
  );
  const carriesIpv6 = outbound.some(({ family }) => family === 6);
  const interfaceName = isInterfaceName(device) ? device : freeName(Math.max(0, link.id - 1), tunnels);
  if (interfaceName !== device && device !== '') tell(`it is called ${interfaceName} here`);
  tunnels.push({
    ...{ name: name ?? (device === '' ? null : device), interface: interfaceName, file, outer },
    flags: {
      unnumbered: initialFlags.unnumbered,
      link0: isNatT,
      link1: initialFlags.link1,
      link2: isNatT ? carriesIpv6 : true,
    },
    ...{ mtu: link.mtu, addresses: link.addresses, routes: link.routes },
    familyOf: (direction, reqid) => familyOf(policies, direction, reqid),
    takes: (_reqid, interfaceId) => (interfaceId ?? 0) === link.id,
  });
}

/** Whether a pair is the other one, or the same seen from the other end. */
function isOf([source, destination]: readonly [string, string], [local, peer]: readonly [string, string]): boolean {
  return (source === local && destination === peer) || (source === peer && destination === local);
}

/** The unit, or the next one that no tunnel has yet. */
function freeName(unit: number, tunnels: Findings['tunnels']): string {
  const taken = new Set(tunnels.map((tunnel) => tunnel.interface));
  let free = unit;
  while (taken.has(`ipsec${free}`)) free++;
  return `ipsec${free}`;
}

/** Ports are given where they are not NAT-T's own. */
function outerOf(
  [source, destination]: [string, string],
  id: number,
  associations: readonly ImportedAssociation[],
): OuterPair {
  const [local, peer] = [parseIpAddress(source), parseIpAddress(destination)];
  const sending = associations.find(
    ({ spec, interfaceId }) => (interfaceId ?? 0) === id && spec.source === local && spec.destination === peer,
  );
  const ports = sending?.spec.ports ?? null;
  const isUsual = ports === null || (ports.source === natTPort && ports.destination === natTPort);
  return { local, peer, localPort: isUsual ? 0 : ports.source, peerPort: isUsual ? 0 : ports.destination };
}

/** A reqid that both families have does not tell. */
function familyOf(policies: readonly Policy[], direction: 'in' | 'out', reqid: number): 'ipv4' | 'ipv6' | null {
  const families = new Set(
    policies.filter((each) => each.direction === direction && each.reqid === reqid).map(({ family }) => family),
  );
  return families.size === 1 ? (families.has(4) ? 'ipv4' : 'ipv6') : null;
}
