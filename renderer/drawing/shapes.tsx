/**
 * Elements for shapes that are data.
 * @module
 */
import type { ReactElement } from 'react';
import type { Shape } from './hero/shape.ts';

/** One element for each shape. A drawing keeps its order, so a shape's place is its key. */
export function Shapes({ shapes }: { readonly shapes: readonly Shape[] }): ReactElement {
  return <>{shapes.map((shape, index) => elementOf(shape, index))}</>;
}

function elementOf(shape: Shape, key: number): ReactElement {
  switch (shape.kind) {
    case 'path':
      return <path key={key} className={shape.className} d={shape.d} strokeDasharray={shape.dashes} />;
    case 'rect': {
      const { className, x, y, width, height } = shape;
      return <rect key={key} {...{ className, x, y, width, height }} />;
    }
    case 'circle': {
      const { className, cx, cy, r } = shape;
      return <circle key={key} {...{ className, cx, cy, r }} />;
    }
    case 'text':
      return (
        <text key={key} className={shape.className} x={shape.x} y={shape.y}>
          {shape.full === undefined ? null : <title>{shape.full}</title>}
          {shape.text}
        </text>
      );
  }
}
