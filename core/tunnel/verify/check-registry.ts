/**
 * The ladder of checks: ids in the order in which a packet's way depends on them, and what each asks.
 * @module
 */

/** id → what it asks. */
export const checkTitles = {
  config: 'The configuration is complete',
  'interface-up': 'The interface is up',
  'source-address': 'This machine has the outer source address',
  'route-to-peer': 'The way to the peer does not lead into the tunnel',
  keys: 'There are keys for both directions',
  sent: 'Packets leave',
  heard: 'The peer is heard',
  authentic: 'What is heard is authentic',
  'inner-route': 'The far network is routed into the tunnel',
  ping: 'A ping through the tunnel is answered',
  'path-mtu': 'A full packet fits the path',
} as const;

/** An id. */
export type CheckId = keyof typeof checkTitles;
/** All, in order. */
export const checkIds = Object.keys(checkTitles) as CheckId[];
