/**
 * The manual page's picture (ipsecif(4)) as one pure function: from a scene to shapes. Left to right: Host_X, gateway A,
 * the road, the pipe, gateway B, Host_Y; we are always left.
 * @module
 */
import { drawBand } from './band.ts';
import { drawBore } from './bore.ts';
import { drawBodies } from './gateways.ts';
import { drawRoad } from './road.ts';
import type { HeroScene } from './scene.ts';
import type { Shape } from './shape.ts';
import type { SheetLayout } from './sheet-layout.ts';

/** All shapes of the picture, those in front last. */
export function drawHero(scene: HeroScene, layout: SheetLayout): Shape[] {
  return [
    ...drawRoad(scene, layout),
    ...drawBore(scene, layout),
    ...drawBodies(scene, layout),
    ...drawBand(scene, layout),
  ];
}
