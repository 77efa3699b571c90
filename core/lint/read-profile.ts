/**
 * A profile for the rules: as a file of the helper's state, as what `culvert profile create` and the export take and
 * write, as the profile alone, or as the compact text of a QR code. Placeholders stand where keys were left out; the
 * rules about keys then have nothing to look at.
 * @module
 */
import { parseIpAddress } from '#core/ip/address.ts';
import { prefixParts } from '#core/ip/prefix.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import { readProfileText } from '#core/profile/import/profile-text.ts';
import type { NamedText } from '#core/profile/import/text-kind.ts';
import { generateSecrets } from '#core/profile/manual-keys.ts';
import { manualAssociations } from '#core/profile/manual-associations.ts';
import { innerAddresses, interfaceOptions, literalPair, prefixesOf } from '#core/profile/profile-check.ts';
import { profileWarnings } from '#core/profile/profile-warning.ts';
import type { Profile } from '#core/profile/profile.ts';
import { finding, type Place } from './finding.ts';
import { innerPrefix, type LintInput } from './lint-input.ts';

/** Read one file. @throws {IpsecError} what is wrong with the profile. */
export function readProfileFile({ name: file, text }: NamedText, input: LintInput): void {
  const { profile, secrets } = readProfileText(text);
  const placeOf = (field: string): Place => ({ file, ...placeOfField(text, field) });
  const outer = literalPair(profile) ?? standIn;
  input.interfacePlaces.set(profile.interface, placeOf('interface'));
  setInterface(profile, outer, input);
  const keys = secrets ?? generateSecrets(profile.keys, { fill: (out) => void out.fill(0) });
  for (const { spec } of manualAssociations(profile, keys, outer)) {
    input.associations.push({ place: placeOf('keys'), spec, owner: profile.interface, hasKeys: secrets !== null });
  }
  takeNetworks(profile, placeOf, input);
  for (const { code, message } of profileWarnings(profile)) {
    if (code === 'SETKEY_COUNTER_KEY') input.findings.push(finding('KEY_COUNTER_BY_HAND', placeOf('keys'), message));
    if (code === 'SETKEY_ESN_REPLAY') input.findings.push(finding('REPLAY_UNCHECKED_ESN', placeOf('keys'), message));
  }
}

/** Where names have to be looked up first: the rules then compare this end with itself only. */
const standIn: OuterPair = {
  local: parseIpAddress('192.0.2.1'),
  peer: parseIpAddress('198.51.100.1'),
  localPort: 0,
  peerPort: 0,
};

function takeNetworks(profile: Profile, placeOf: (field: string) => Place, { networks }: LintInput): void {
  const { interface: name } = profile;
  for (const inner of innerAddresses(profile)) {
    networks.push({ place: placeOf('addresses'), interface: name, prefix: innerPrefix(inner) });
  }
  for (const prefix of prefixesOf(profile, 'routes')) {
    // The whole Internet in a tunnel overlaps with everything, and is meant to.
    if (prefixParts(prefix).length > 0) networks.push({ place: placeOf('routes'), interface: name, prefix });
  }
}

function setInterface(profile: Profile, outer: OuterPair, { ipsecif }: LintInput): void {
  const { interface: name, flags, mtu } = profile;
  ipsecif.create(name);
  ipsecif.setFlags(name, { ...flags, isUp: true });
  ipsecif.setOptions(name, interfaceOptions(profile));
  ipsecif.setTunnel(name, outer);
  ipsecif.setMtu(name, mtu);
  for (const inner of innerAddresses(profile)) ipsecif.addAddress(name, inner);
}

/** Where a field's name stands in the text; the beginning where it does not. */
function placeOfField(text: string, field: string): { readonly line: number; readonly column: number } {
  const at = text.search(new RegExp(`"${field}"\\s*:`));
  if (at < 0) return { line: 1, column: 1 };
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}
