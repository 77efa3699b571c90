/**
 * `networkd`: the XFRM interface with its addresses and routes for systemd-networkd (systemd.netdev(5),
 * systemd.network(5)). networkd knows no associations: those come from an IKE daemon (`swanctl`).
 * @module
 */
import { profileToRoutes } from '#core/profile/commands.ts';
import { innerAddresses } from '#core/profile/profile-check.ts';
import type { Profile } from '#core/profile/profile.ts';
import {
  headerLines,
  innerAddressOf,
  toText,
  xfrmInterfaceId,
  type ExportedFile,
  type Exporter,
} from './export-source.ts';

/** Two files below /etc/systemd/network. */
export const exportNetworkd: Exporter = (source) => {
  const { profile } = source;
  const interfaceId = xfrmInterfaceId(profile);
  const notes = [
    ...source.notes,
    `systemd-networkd carries no associations: strongSwan makes them for id ${interfaceId} (culvert export --format swanctl).`,
  ];
  return [
    file(profile, 'netdev', [
      ...headerLines({ ...source, notes }, 'the XFRM interface', 'none'),
      ...section('NetDev', [`Name=${profile.interface}`, 'Kind=xfrm', `MTUBytes=${profile.mtu}`]),
      ...section('Xfrm', [`InterfaceId=${interfaceId}`, 'Independent=yes']),
    ]),
    file(profile, 'network', [
      ...headerLines({ ...source, notes: [] }, 'addresses and routes of the XFRM interface', 'none'),
      ...section('Match', [`Name=${profile.interface}`]),
      ...section('Network', ['ConfigureWithoutCarrier=yes', 'LinkLocalAddressing=no', 'IPv6AcceptRA=no']),
      ...innerAddresses(profile).flatMap(({ address, prefixLength, peer }) =>
        section('Address', [
          `Address=${address}/${prefixLength}`,
          // networkd has one length for both.
          ...(peer === null ? [] : [`Peer=${peer}/${prefixLength}`]),
        ]),
      ),
      ...routeSections(profile),
    ]),
  ];
};

function routeSections(profile: Profile): string[] {
  return profileToRoutes(profile).flatMap(({ destination, family }) => {
    const source = innerAddressOf(profile, family);
    return section('Route', [
      `Destination=${destination}`,
      ...(source === null ? [] : [`PreferredSource=${source.address}`]),
      ...(family === 4 ? ['Scope=link'] : []),
    ]);
  });
}

function section(name: string, lines: readonly string[]): string[] {
  return ['', `[${name}]`, ...lines];
}

function file({ interface: name }: Profile, kind: 'netdev' | 'network', lines: readonly string[]): ExportedFile {
  return { name: `etc/systemd/network/50-${name}.${kind}`, text: toText(lines), holdsKeys: false };
}
