/**
 * The picture of ipsecif(4) with the addresses of this run.
 * @module
 */
import type { SideAddresses } from '#core/host/memory/two-gateways.ts';
import { sideA, sideB } from './tunnel/addresses.ts';

const width = 76;

/** The picture as lines of text. `outer` says which addresses the tunnel runs between; `wire` names what is on it. */
export function drawTopology(outer: 4 | 6, isNatT: boolean): string {
  const wireLabel = `${isNatT ? 'ESP in UDP' : 'ESP'} over IPv${outer}`;
  return [
    twoColumns(`wm0    ${sideA.wire[outer]}`, `wm0    ${sideB.wire[outer]}`),
    twoColumns(`ipsec0 ${sideA.inner[4]}`, `ipsec0 ${sideB.inner[4]}`),
    twoColumns(`       ${sideA.inner[6]}`, `       ${sideB.inner[6]}`),
    '+------------+                                                +------------+',
    '|  NetBSD_A  |                                                |  NetBSD_B  |',
    '|------------|                                                |------------|',
    '|  [ipsec0] - - - - - - - - - - - (tunnel) - - - - - - - - - - - [ipsec0]  |',
    `|       [wm0]-${centre(` ${wireLabel} `, 48, '-')}-[wm0]       |`,
    '|            |                                                |            |',
    '+---[wm1]----+                                                +----[wm1]---+',
    twoColumns(`      | ${sideA.gateway[4]}`, `${sideB.gateway[4]} |      `, 'right'),
    twoColumns(`      | ${sideA.gateway[6]}`, `${sideB.gateway[6]} |      `, 'right'),
    '+------------+                                                +------------+',
    '|   Host_X   |                                                |   Host_Y   |',
    '+------------+                                                +------------+',
    ...hostLines(sideA, sideB),
  ]
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
}

function hostLines(left: SideAddresses, right: SideAddresses): string[] {
  return ([4, 6] as const).map((family) => twoColumns(left.host[family], right.host[family], 'right'));
}

function twoColumns(left: string, right: string, alignment: 'left' | 'right' = 'left'): string {
  const column = alignment === 'right' ? right : right.padEnd(26);
  return left + column.padStart(width - left.length);
}

function centre(text: string, size: number, filler: string): string {
  const left = Math.floor((size - text.length) / 2);
  return text.padStart(text.length + left, filler).padEnd(size, filler);
}
