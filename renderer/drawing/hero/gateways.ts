/**
 * The four bodies of ipsecif(4)'s picture: two gateways and the hosts behind them. Ours are solid where we see them; the
 * other end's are always told.
 * @module
 */
import type { HeroScene, SceneGateway, SceneHosts } from './scene.ts';
import { fit, fitAddress, path, rect, word, type Shape } from './shape.ts';
import { hostHeight, level, type SheetLayout } from './sheet-layout.ts';

const margin = 13;
const stub = 12;
/** Where the line to the hosts leaves a box: so far left that an address has room beside it. */
const hostLine = 26;

/** Gateways, their interfaces, and their hosts. */
export function drawBodies(scene: HeroScene, layout: SheetLayout): Shape[] {
  const isSeen = scene.condition !== 'unknown';
  const box = scene.condition === 'off' ? 'off raisedfill' : isSeen ? 'ln2 raisedfill' : 'told raisedfill';
  return [
    rect(box, 1, 1, layout.boxWidth, layout.boxHeight),
    rect('told told--body raisedfill', layout.right, 1, layout.boxWidth, layout.boxHeight),
    ...drawOurs(scene.here, layout, isSeen && scene.isThere),
    ...drawTheirs(scene.there, layout),
    ...drawHosts(scene.hostsHere, scene.here.hostAddress, 1, isSeen && scene.hostsHere.isSeen ? 'ln' : 'told', layout),
    ...drawHosts(scene.hostsThere, scene.there.hostAddress, layout.right, 'told', layout),
  ];
}

function drawOurs(gateway: SceneGateway, layout: SheetLayout, isSeen: boolean): Shape[] {
  const edge = layout.left - 18;
  const room = layout.boxWidth - 2 * margin;
  const line = isSeen ? 'ln' : 'told';
  return [
    ...word('t-name', 14, 20, fit(gateway.title, room, 'bits')),
    ...word('t-3', 14, 36, gateway.note),
    ...word('t-bits end', edge, 50, bracket(gateway.outerDevice)),
    ...word('t-bits end', edge, 108, bracket(gateway.interfaceName)),
    ...gateway.inner
      .slice(0, 2)
      .flatMap((address, index) => word('t-bits end', edge, 125 + 15 * index, fitAddress(address, room))),
    ...word('t-bits', 14, 163, fit(bracket(gateway.hostDevice), room, 'bits')),
    path(isSeen ? 'ln2' : 'told', `M${layout.left - stub} ${level.road}H${layout.left}`),
    path(line, `M${layout.left - stub} 102H${layout.left}M${layout.left - stub} 106H${layout.left}`),
  ];
}

function drawTheirs(gateway: SceneGateway, layout: SheetLayout): Shape[] {
  const { right } = layout;
  const room = layout.boxWidth - 2 * margin;
  const note: Shape[] =
    layout.name === 'wide'
      ? word('end t-3', right + layout.boxWidth - 14, 20, gateway.note)
      : word('t-3', right + 14, 33, gateway.note);
  return [
    ...word('t-name', right + 14, 20, gateway.title),
    ...note,
    path('told told--body', `M${right} 46h12M${right} 102h12M${right} 106h12`),
    ...word('t-bits', right + 18, 50, bracket(gateway.outerDevice)),
    ...word('t-bits', right + 18, 108, bracket(gateway.interfaceName)),
    ...gateway.inner
      .slice(0, 2)
      .flatMap((address, index) => word('t-bits', right + 18, 125 + 15 * index, fitAddress(address, room))),
  ];
}

function drawHosts(
  hosts: SceneHosts,
  address: string | null,
  x: number,
  stroke: 'ln' | 'told',
  layout: SheetLayout,
): Shape[] {
  const line = x + hostLine;
  const top = layout.boxHeight + 1;
  return [
    path(stroke, `M${line} ${top}V${layout.hostTop}`),
    ...word('t-bits3', line + 8, top + 18, fitAddress(address, layout.boxWidth - hostLine - 8)),
    rect(`${stroke} raisedfill`, x, layout.hostTop, layout.boxWidth, hostHeight),
    ...word('t-name', x + margin, layout.hostTop + 19, hosts.title),
    ...word('t-bits', x + margin, layout.hostTop + 36, fit(hosts.networks, layout.boxWidth - margin - 4, 'bits')),
  ];
}

function bracket(name: string | null): string | null {
  return name === null || name === '' ? null : `[${name}]`;
}
