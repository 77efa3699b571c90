/**
 * What the list of tunnels says, in English.
 * @module
 */

/** Tunnels. */
export const tunnelsText = {
  search: 'Search tunnels',
  placeholder: 'Name, address',
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
    say: 'A tunnel carries packets between two networks, sealed, under the public network. Each end is a gateway with an interface such as ipsec0; you need the other end’s address and somebody there who can enter the same keys.',
    build: 'Build one',
    buildSay:
      'A few short steps. Culvert picks safe values and says why, then writes the other end’s configuration for you.',
    bring: 'Bring one',
    bringSay:
      'From the other end’s configuration, or a file that was made for this computer. You see what it does before it is made.',
    try: 'Try one',
    trySay:
      'Two gateways inside this computer, with traffic between them. Nothing leaves the machine. In Culvert’s folder:',
  },
  drawing: {
    label:
      'A culvert that is not built yet: this computer at the left, the other end at the right, a dashed pipe under the public network between them',
    road: 'the public network, where anybody can look',
    pipe: 'the tunnel: sealed packets only',
    here: 'This computer',
    notMade: 'ipsec0, not made yet',
    there: 'The other end',
    thereSay: 'its address or name',
    thereOwn: 'its own ipsec0',
    near: 'Your network',
    nearSay: 'what lies behind it here',
    far: 'Their network',
    farSay: 'which addresses live there',
    seals: 'each end seals what it sends',
    opens: 'and opens what it hears, with the same two keys',
  },
  noHelper: {
    found: 'What was found',
    todo: 'What to do',
    answers: 'Helper answers',
    admits: 'Talks to you',
    agrees: 'Fits this window',
    seen: 'Last heard',
    notYet: 'not known before that',
    asking: 'not known yet',
    mark: { yes: 'yes', no: 'no', unknown: 'not known' },
    type: 'Type this in a terminal:',
    wait: 'Wait a moment: it is being looked for.',
  },
  advice: {
    error: 'Do both ends have the same keys? What is refused stands with the tunnel.',
    'sends-only': 'The other end may be off, unreachable, or have other keys.',
    'keys-end-soon': 'Without new keys nothing goes through after that.',
    lostProfile: 'It is made anew as its profile has it, with the same keys.',
    lost: 'Delete the interface, and make it again.',
  },
  seeWhy: 'See why',
  reader: {
    title: 'You can look at everything here, and change nothing.',
    say: 'The helper takes changes from root and from its operator. An administrator names the operator where it is started:',
  },
  setAside: {
    title: 'Set aside',
    say: 'These files among the profiles are left alone, as they are.',
    reason: { broken: 'broken', newer: 'of a newer Culvert', twice: 'twice the same tunnel' },
  },
  clear: 'Show all',
  nothingFound: 'No tunnel fits “{{query}}”.',
} as const;
