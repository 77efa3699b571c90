/**
 * A scene with a word in every place, for tests of the picture.
 * @module
 */
import type { BandCell, HeroScene } from '#renderer/drawing/hero/scene.ts';
import type { Condition } from '#renderer/state/tunnel-condition.ts';

const nothing: BandCell = { value: '0', note: 'of 12', tone: 'plain' };
const unseen: BandCell = { value: 'not visible from here', note: null, tone: 'unseen' };

/** The scene in `condition`. */
export function exampleScene(condition: Condition): HeroScene {
  return {
    condition,
    isThere: condition !== 'off',
    label: 'Section through Kyoto office',
    here: {
      ...{ title: 'Gateway A', note: 'this computer', outerDevice: 'eth0', interfaceName: 'ipsec0' },
      ...{ inner: ['10.0.0.1', 'fd00:100::1'], hostDevice: 'eth1', hostAddress: '10.10.0.1' },
    },
    there: {
      ...{ title: 'Gateway B', note: 'as configured', outerDevice: null, interfaceName: 'ipsec' },
      ...{ inner: ['10.0.0.2'], hostDevice: null, hostAddress: null },
    },
    hostsHere: { title: 'Host_X', networks: '10.10.0.0/16', isSeen: true },
    hostsThere: { title: 'Host_Y', networks: '10.20.0.0/16', isSeen: false },
    road: {
      ...{ local: '192.0.2.118', peer: '203.0.113.7', carrier: 'ESP in UDP, port 4500 to 4500' },
      ...{ carrierShort: 'ESP in UDP 4500', path: 'path MTU 1500', pathShort: 'path MTU 1500' },
    },
    distance: { text: 'round trip not measured', isMeasured: false },
    out: {
      text: 'out 4.82 Mb/s, 612 packets/s',
      short: 'out 4.82 Mb/s',
      proof: '0xc41d09e7, 0.1 s ago',
      isFlowing: true,
    },
    in: {
      text: 'in 38.6 Mb/s, 3 410 packets/s',
      short: 'in 38.6 Mb/s',
      proof: '0x8a02f15c, 0.4 s ago',
      isFlowing: true,
    },
    say: 'what comes in does not open: the keys differ, or it is forged',
    held: '26 dropped',
    unseen: 'not visible from here',
    band: {
      ...{ title: 'Drops', out: 'Out', in: 'In' },
      stations: [
        { id: 'policy', title: 'Policy', out: nothing, in: nothing },
        { id: 'seal', title: 'Sealing and opening', out: nothing, in: nothing },
        { id: 'way', title: 'On the way', out: unseen, in: unseen },
        { id: 'far', title: 'The other end', out: unseen, in: unseen },
      ],
    },
  };
}
