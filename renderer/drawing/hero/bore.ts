/**
 * The pipe: two walls, out lane above, in lane below, drawn for each condition. Solid walls are keys that are here, dashed
 * ones keys that are not; water is traffic that passes.
 * @module
 */
import type { Condition } from '../../state/tunnel-condition.ts';
import type { HeroScene, SceneLane } from './scene.ts';
import { circle, fit, patch, path, rect, textWidth, word, wrap, type Shape } from './shape.ts';
import { level, type SheetLayout } from './sheet-layout.ts';

type Draw = (scene: HeroScene, layout: SheetLayout) => Shape[];

const { boreTop, boreBottom, wallTop, wallBottom, outLane, inLane } = level;
const middleY = (boreTop + boreBottom) / 2 + 4;

const drawings: Readonly<Record<Condition, Draw>> = {
  up: drawFull,
  idle: drawFull,
  'sends-only': drawSendsOnly,
  waiting: drawWaiting,
  'keys-end-soon': drawEnding,
  error: drawBroken,
  lost: drawLost,
  blocked: drawGate,
  unconfigured: drawGap,
  off: drawDry,
  unknown: drawUnknown,
};

/** Conditions in which there is a section to look at. */
const sound: readonly Condition[] = ['up', 'idle', 'sends-only', 'keys-end-soon'];

/** The pipe of `scene`, with the marks of section A-A where it has one. */
export function drawBore(scene: HeroScene, layout: SheetLayout): Shape[] {
  const marks = sound.includes(scene.condition) ? drawCut(layout) : [];
  return [...drawings[scene.condition](scene, layout), ...marks];
}

function drawFull(scene: HeroScene, layout: SheetLayout): Shape[] {
  const { left, right } = layout;
  return [
    rect('water', left, boreTop, right - left, boreBottom - boreTop),
    ...drawOut(scene.out, left, right, layout),
    ...drawIn(scene.in, left, right, layout),
    ...walls(left, right),
  ];
}

function drawSendsOnly(scene: HeroScene, layout: SheetLayout): Shape[] {
  const { left, right } = layout;
  const text = fit(scene.say, right - left - 60);
  return [
    rect('water', left, boreTop, right - left, 30),
    ...drawOut(scene.out, left, right, layout),
    path('dry dry--attention', `M${right - 10} ${inLane}H${left + 22}`),
    circle('att', left + 14, inLane, 4),
    ...patch('sheetfill', left + 34, inLane + 4, text, 'start'),
    ...word('t-num t-att', left + 34, inLane + 4, text),
    ...walls(left, right),
  ];
}

function drawWaiting(scene: HeroScene, layout: SheetLayout): Shape[] {
  const { left, right } = layout;
  const gate = left + 20 + Math.max(60, textWidth(scene.held ?? ''));
  const keyX = layout.name === 'wide' ? gate + 150 : gate + 60;
  const text = fit(scene.say, right - keyX - 40);
  return [
    ...(scene.held === null ? [] : [rect('water', left, 106, gate - left, boreBottom - 106)]),
    path('ln15', `M${gate} ${boreTop}V${boreBottom}`),
    ...word('t-num', left + 10, 128, scene.held),
    circle('att', keyX, 102, 8),
    path('att', `M${keyX} 110v18M${keyX} 124h7`),
    ...word('t-num t-att', keyX + 22, middleY, text),
    path('ln15', `M${left} ${boreTop}H${right}M${left} ${boreBottom}H${right}`, '7 5'),
  ];
}

function drawEnding(scene: HeroScene, layout: SheetLayout): Shape[] {
  const { left } = layout;
  const end = layout.right - 80;
  return [
    rect('water', left, boreTop, end - left, boreBottom - boreTop),
    ...drawOut(scene.out, left, end, layout),
    ...drawIn(scene.in, left, end, layout),
    ...walls(left, end),
    path('ln15', `M${end} ${boreTop}H${layout.right}M${end} ${boreBottom}H${layout.right}`, '4 4'),
    path('att', `M${end} ${wallTop - 10}V${wallBottom + 10}`),
    path('att-f', `M${end} 104l10 8-10 8z`),
    ...word('t-dim t-att end', end - 8, wallTop - 6, scene.say),
  ];
}

function drawBroken(scene: HeroScene, layout: SheetLayout): Shape[] {
  const { left, right } = layout;
  const near = Math.round(left + (right - left) * 0.46);
  const far = near + 48;
  const lines = wrap(scene.say, near - left - 40, 3);
  const first = middleY - (lines.length - 1) * 8;
  return [
    path('ln2', `M${left} ${boreTop}H${near - 4}M${left} ${boreBottom}H${near - 16}`),
    path('ln2', `M${far - 4} ${boreTop}H${right}M${far - 16} ${boreBottom}H${right}`),
    path('ln', `M${left} ${wallTop}H${near - 2}M${left} ${wallBottom}H${near - 16}`),
    path('ln', `M${far - 2} ${wallTop}H${right}M${far - 16} ${wallBottom}H${right}`),
    path('fau', `M${near} 72l-12 24 12 8-16 14 6 38M${far} 72l-12 24 12 8-16 14 6 38`),
    ...lines.flatMap((line, index) => word('t-num t-fault', left + 12, first + 16 * index, line)),
    ...word('t-3 end', right - 12, middleY, scene.unseen),
  ];
}

/** Stubs at both ends, and nothing between them. */
function drawLost(scene: HeroScene, layout: SheetLayout): Shape[] {
  const { left, right } = layout;
  const stub = Math.round((right - left) * 0.07);
  const middle = (left + right) / 2;
  const text = fit(scene.say, right - left - 2 * stub - 40) ?? '';
  const crossX = Math.round(middle - textWidth(text) / 2 - 20);
  return [
    ...walls(left, left + stub),
    ...walls(right - stub, right),
    path('fau', `M${crossX - 7} ${middleY - 11}l14 14M${crossX + 7} ${middleY - 11}l-14 14`),
    ...word('t-num t-fault mid', middle, middleY, text),
  ];
}

function drawGate(scene: HeroScene, layout: SheetLayout): Shape[] {
  const { left, right } = layout;
  const gate = Math.round(left + (right - left) * 0.47);
  return [
    rect('water', left, 94, gate - left, boreBottom - 94),
    path('run', `M${left + 10} 116H${gate - 18}`),
    path('run-head', `M${gate - 10} 116l-6 -3.5v7z`),
    ...patch('water', left + 34, 120, scene.held, 'start'),
    ...word('t-num', left + 34, 120, scene.held),
    ...walls(left, right),
    path('inkfill', `M${gate} 66h20v92h-20z`),
    path('slot', `M${gate + 10} 74v76`),
    ...word('t-num', gate + 32, middleY, fit(scene.say, right - gate - 40)),
  ];
}

function drawGap(scene: HeroScene, layout: SheetLayout): Shape[] {
  const { left, right } = layout;
  const stub = Math.round((right - left) * 0.14);
  const near = left + stub;
  const far = right - stub;
  return [
    ...walls(left, near),
    path('told', `M${near + 8} ${boreTop}H${right}M${near + 8} ${boreBottom}H${right}`),
    ...word('t-num t-att mid', (near + far) / 2, middleY, fit(scene.say, far - near)),
  ];
}

function drawDry(scene: HeroScene, layout: SheetLayout): Shape[] {
  const { left, right } = layout;
  return [
    path('off', `M${left} ${boreTop}H${right}M${left} ${boreBottom}H${right}`),
    path('off', `M${left + 8} ${boreBottom - 6}H${right - 8}`, '1 6'),
    ...word('t-3 mid', (left + right) / 2, middleY, fit(scene.say, right - left - 24)),
  ];
}

function drawUnknown(scene: HeroScene, layout: SheetLayout): Shape[] {
  const { left, right } = layout;
  return [
    path('told', `M${left} ${boreTop}H${right}M${left} ${boreBottom}H${right}`),
    ...word('t-3 mid', (left + right) / 2, middleY, fit(scene.say, right - left - 24)),
  ];
}

function walls(from: number, to: number): Shape[] {
  return [
    path('ln2', `M${from} ${boreTop}H${to}M${from} ${boreBottom}H${to}`),
    path('ln', `M${from} ${wallTop}H${to}M${from} ${wallBottom}H${to}`),
  ];
}

/** Away from us: to the right. */
function drawOut(lane: SceneLane, from: number, to: number, layout: SheetLayout): Shape[] {
  return [
    path(laneClass(lane), `M${from + 10} ${outLane}H${to - 20}`),
    path('run-head', `M${to - 12} ${outLane}l-6 -3.5v7z`),
    ...laneTexts(lane, from + 34, to - 38, outLane + 4, layout),
  ];
}

/** To us: to the left. */
function drawIn(lane: SceneLane, from: number, to: number, layout: SheetLayout): Shape[] {
  return [
    path(laneClass(lane), `M${to - 10} ${inLane}H${from + 20}`),
    path('run-head', `M${from + 12} ${inLane}l6 -3.5v7z`),
    ...laneTexts(lane, from + 34, to - 38, inLane + 4, layout),
  ];
}

/** Only a lane that carries packets runs. */
function laneClass({ isFlowing }: SceneLane): string {
  return isFlowing ? 'run run--slow' : 'run run--still';
}

function laneTexts(lane: SceneLane, start: number, end: number, y: number, layout: SheetLayout): Shape[] {
  const text = layout.name === 'wide' ? lane.text : lane.short;
  const proof = fit(lane.proof, end - start - textWidth(text) - 40);
  return [
    ...patch('water', start, y, text, 'start'),
    ...word('t-num', start, y, text),
    ...patch('water', end, y, proof, 'end'),
    ...word('t-num end', end, y, proof),
  ];
}

function drawCut({ cutX }: SheetLayout): Shape[] {
  return [
    path('ln15', `M${cutX} 64v13M${cutX} 147v13M${cutX} 64h8M${cutX} 160h8`),
    path('inkfill', `M${cutX + 14} 64l-7-3.5v7zM${cutX + 14} 160l-7-3.5v7z`),
    ...word('t-ink t-b', cutX + 18, 68, 'A'),
    ...word('t-ink t-b', cutX + 18, 164, 'A'),
  ];
}
