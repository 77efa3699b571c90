/**
 * What the list of tunnels says, in English.
 * @module
 */

/** Tunnels. */
export const tunnelsText = {
  search: 'Search tunnels',
  placeholder: 'Name, address, interface',
  new: 'New tunnel',
  import: 'Import',
  head: {
    state: 'State',
    tunnel: 'Tunnel',
    path: 'Outer path, inner network',
    spark: 'Last 60 s, out over in',
    rate: 'Rate',
    ends: 'Keys end',
    on: 'On',
  },
  out: 'out',
  in: 'in',
  inTime: 'in {{time}}',
  noKeys: 'no keys',
  esp: 'ESP',
  espInUdp: 'ESP in UDP',
  empty: {
    title: 'No tunnel yet',
    say: 'A tunnel joins this computer to another gateway. It needs an address at each end, and two keys.',
  },
  nothingFound: 'No tunnel fits “{{query}}”.',
  switchRefused: '{{name}} stays as it is: {{message}}',
} as const;
