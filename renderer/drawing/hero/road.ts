/**
 * The public network above the pipe: a road on its earth, with the outer addresses, what carries ESP, and how long a round
 * trip takes. A road between ends that are not set, or that only a profile names, is dashed.
 * @module
 */
import type { HeroScene } from './scene.ts';
import { fit, fitAddress, path, rect, textWidth, word, type Shape } from './shape.ts';
import { level, type SheetLayout } from './sheet-layout.ts';

const halfBreak = 16;

/** Dimension line, road and cut marks. */
export function drawRoad(scene: HeroScene, layout: SheetLayout): Shape[] {
  return [...drawDistance(scene, layout), ...drawSurface(scene, layout), ...drawLabels(scene, layout)];
}

function drawDistance({ distance }: HeroScene, layout: SheetLayout): Shape[] {
  const { left, right } = layout;
  const middle = (left + right) / 2;
  const half = textWidth(distance.text) / 2 + 16;
  const y = level.distance;
  const line = `M${left} ${y}H${middle - half}M${middle + half} ${y}H${right}`;
  return [
    distance.isMeasured ? path('lead', line) : path('lead', line, '4 3'),
    path('inkfill', `M${left} ${y}l9-3v6zM${right} ${y}l-9-3v6z`),
    ...word(distance.isMeasured ? 'mid t-dim' : 'mid t-3', middle, y + 4, distance.text),
  ];
}

function drawSurface({ condition, isThere, road }: HeroScene, layout: SheetLayout): Shape[] {
  const { left, right } = layout;
  const middle = (left + right) / 2;
  const y = level.road;
  const isKnown = isThere && condition !== 'unknown' && road.local !== null && road.peer !== null;
  return [
    rect('earthfill', left, y, right - left, 10),
    path(isKnown ? 'ln2' : 'told', `M${left} ${y}H${middle - halfBreak}M${middle + halfBreak} ${y}H${right}`),
    rect('sheetfill', middle - 18, y - 8, 36, 20),
    path('ln15', `M${middle - halfBreak} ${y + 8}l5-16M${middle + 11} ${y + 8}l5-16`),
  ];
}

function drawLabels({ road }: HeroScene, layout: SheetLayout): Shape[] {
  const { left, right } = layout;
  const middle = (left + right) / 2;
  const y = level.road - 6;
  const isWide = layout.name === 'wide';
  const half = middle - left - 26;
  const addressWidth = (address: string | null): number => (address?.length ?? 0) * 6.9 + 16;
  const carrier = fit(isWide ? road.carrier : road.carrierShort, half - addressWidth(road.local));
  const way = fit(isWide ? road.path : road.pathShort, half - addressWidth(road.peer));
  return [
    ...word('t-bits', left + 10, y, fitAddress(road.local, half)),
    ...word('t-bits end', right - 10, y, fitAddress(road.peer, half)),
    ...word('end', middle - 26, y, carrier),
    ...word('', middle + 26, y, way),
  ];
}
