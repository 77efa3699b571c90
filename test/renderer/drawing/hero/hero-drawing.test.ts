import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawHero } from '#renderer/drawing/hero/hero-drawing.ts';
import { textWidth, type Shape } from '#renderer/drawing/hero/shape.ts';
import { level, narrowLayout, wideLayout, type SheetLayout } from '#renderer/drawing/hero/sheet-layout.ts';
import { conditions, type Condition } from '#renderer/state/tunnel-condition.ts';
import { exampleScene } from './example-scene.ts';

const layouts = [wideLayout, narrowLayout];
const usable: readonly Condition[] = ['up', 'idle', 'sends-only', 'keys-end-soon', 'blocked'];

function draw(condition: Condition, layout: SheetLayout = wideLayout): Shape[] {
  return drawHero(exampleScene(condition), layout);
}

function texts(shapes: readonly Shape[]): string[] {
  return shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
}

function hasPath(shapes: readonly Shape[], className: string): boolean {
  return shapes.some((shape) => shape.kind === 'path' && shape.className.split(' ').includes(className));
}

/** Walls drawn solid along the whole bore. */
function hasWholeWall(shapes: readonly Shape[], { left, right }: SheetLayout): boolean {
  const wall = `M${left} ${level.boreTop}H${right}M${left} ${level.boreBottom}H${right}`;
  return shapes.some((shape) => shape.kind === 'path' && shape.className === 'ln2' && shape.d === wall);
}

test('every condition has a drawing of its own', () => {
  const drawn = conditions.filter((condition) => condition !== 'idle').map((one) => JSON.stringify(draw(one)));
  assert.equal(new Set(drawn).size, drawn.length);
});

test('solid walls all the way are keys that are here', () => {
  for (const layout of layouts) {
    for (const condition of conditions) {
      const isWhole = hasWholeWall(draw(condition, layout), layout);
      assert.equal(isWhole, usable.includes(condition) && condition !== 'keys-end-soon', `${condition} ${layout.name}`);
    }
  }
});

test('only packets make a lane run', () => {
  for (const condition of conditions) {
    const isCarrying = ['up', 'idle', 'sends-only', 'keys-end-soon'].includes(condition);
    assert.equal(hasPath(draw(condition), 'run--slow'), isCarrying, condition);
  }
  const scene = exampleScene('up');
  const still = { ...scene, out: { ...scene.out, isFlowing: false }, in: { ...scene.in, isFlowing: false } };
  assert.equal(hasPath(drawHero(still, wideLayout), 'run--slow'), false);
});

test('nothing that was not measured is solid while the helper is away', () => {
  const shapes = draw('unknown');
  const solid = shapes.filter((shape) => shape.kind === 'path' && shape.className === 'ln2');
  assert.deepEqual(solid, []);
  assert.equal(hasPath(shapes, 'run'), false);
});

test('of a tunnel that is not in the machine the road and its interface are told, not seen', () => {
  const scene = exampleScene('lost');
  for (const isThere of [true, false]) {
    const shapes = drawHero({ ...scene, isThere }, wideLayout);
    const roads = shapes.filter((shape) => shape.kind === 'path' && shape.d.includes(` ${level.road}H`));
    assert.equal(roads.length, 2);
    for (const road of roads) assert.equal(road.className, isThere ? 'ln2' : 'told');
  }
});

test('the address towards the hosts stays under its box, also a long one', () => {
  const scene = exampleScene('up');
  for (const layout of layouts) {
    for (const hostAddress of ['192.168.200.1', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff']) {
      const shapes = drawHero({ ...scene, here: { ...scene.here, hostAddress } }, layout);
      const shown = shapes.find((shape) => shape.kind === 'text' && shape.className === 't-bits3');
      assert.ok(shown?.kind === 'text', layout.name);
      const letterWidth = 6.9;
      assert.ok(shown.x + shown.text.length * letterWidth <= layout.left, `${shown.text} ${layout.name}`);
    }
  }
});

test('the other end is told in every condition', () => {
  for (const layout of layouts) {
    for (const condition of conditions) {
      const far = draw(condition, layout).find((shape) => shape.kind === 'rect' && shape.x === layout.right);
      assert.match(far?.className ?? '', /told/, `${condition} ${layout.name}`);
    }
  }
});

test('what was dropped pulls a line from the pipe down to its number', () => {
  const scene = exampleScene('up');
  const [policy, seal, ...others] = scene.band.stations;
  assert.ok(policy !== undefined && seal !== undefined);
  const fault = { value: '14 dropped', note: '12 received before, 2 integrity check failed', tone: 'fault' } as const;
  const broken = { ...scene, band: { ...scene.band, stations: [policy, { ...seal, in: fault }, ...others] } };
  for (const layout of layouts) {
    const shapes = drawHero(broken, layout);
    const [line, more] = shapes.flatMap((shape) =>
      shape.kind === 'path' && shape.className.includes('fau--thin') ? [shape.d] : [],
    );
    assert.equal(more, undefined);
    assert.equal(line?.startsWith(`M${layout.band.columns[1]} ${level.wallBottom}V`), true, layout.name);
    assert.ok(texts(shapes).includes('14 dropped'));
  }
  assert.equal(hasPath(drawHero(scene, wideLayout), 'fau'), false);
});

test('no word leaves the sheet', () => {
  for (const layout of layouts) {
    for (const condition of conditions) {
      for (const shape of draw(condition, layout)) {
        if (shape.kind !== 'text') continue;
        const width = textWidth(shape.text);
        const isEnd = shape.className.split(' ').includes('end');
        const isMiddle = shape.className.split(' ').includes('mid');
        const left = isEnd ? shape.x - width : isMiddle ? shape.x - width / 2 : shape.x;
        assert.ok(left >= -1 && left + width <= layout.width + 1, `${condition} ${layout.name}: ${shape.text}`);
        assert.ok(shape.y > 0 && shape.y <= layout.height, `${condition} ${layout.name}: ${shape.text}`);
      }
    }
  }
});

test('addresses that are too long keep both of their ends', () => {
  const scene = exampleScene('up');
  const local = '2001:db8:aaaa:bbbb:1234:5678:9abc:def0';
  const road = { ...scene.road, local, peer: local };
  const shown = texts(drawHero({ ...scene, road }, narrowLayout)).filter((text) => text.startsWith('2001:'));
  assert.equal(shown.length, 2);
  for (const text of shown) assert.match(text, /…[0-9a-f:]*def0$/);
});

test('the condition’s own words stand in the pipe', () => {
  for (const condition of ['waiting', 'error', 'blocked', 'unconfigured', 'off', 'unknown', 'sends-only'] as const) {
    assert.match(texts(draw(condition)).join(' '), /what comes in does not open/, condition);
  }
  assert.ok(!texts(draw('up')).join(' ').includes('what comes in'));
});
