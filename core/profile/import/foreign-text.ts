/**
 * Configurations that hold no tunnel of IPsec's, or not in words that are read here. They are told by their first signs, so
 * that a person hears what the file is instead of where setkey's grammar stops. Nothing of the text is repeated.
 * @module
 */

const signs: readonly (readonly [RegExp, string])[] = [
  [
    /^\[(Interface|Peer)\]\s*$[^]*^\s*(PrivateKey|PublicKey|AllowedIPs)\s*=/im,
    'WireGuard speaks another protocol than IPsec',
  ],
  [
    /^(<(ca|cert|key|tls-auth|tls-crypt)>|remote\s+\S+\s+[0-9]+|dev\s+tun)/m,
    'OpenVPN speaks another protocol than IPsec',
  ],
  [/^conn\s+\S+\s*$[^]*^\s+(left|right)\w*\s*=/m, 'ipsec.conf is not read: give swanctl.conf, or what ip xfrm prints'],
  [/^\[(NetDev|Network|Match|Xfrm)\]\s*$/m, 'units of systemd-networkd hold no keys: give what ip xfrm prints'],
  [/^-----BEGIN [A-Z ]+-----/m, 'it is a key or a certificate, and no tunnel'],
];

/** Why a text is no tunnel; null where it may be one. */
export function foreignText(text: string): string | null {
  return signs.find(([sign]) => sign.test(text))?.[1] ?? null;
}
