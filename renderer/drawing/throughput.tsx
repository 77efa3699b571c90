/**
 * The throughput chart at the width that its place has.
 * @module
 */
import { useLayoutEffect, useRef, useState, type ReactElement } from 'react';
import { Shapes } from './shapes.tsx';
import styles from './hero.module.css';
import { chartHeight, drawThroughput, type ChartWords, type TrafficHistory } from './throughput-drawing.ts';

/** The chart. `label` says it in one sentence. */
export function Throughput(props: {
  readonly history: TrafficHistory;
  readonly words: ChartWords;
  readonly label: string;
}): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(456);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 456)));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return (
    <div ref={frame}>
      <svg
        className={`d chart ${styles['chart'] ?? ''}`}
        viewBox={`0 0 ${width} ${chartHeight}`}
        height={chartHeight}
        role="img"
        aria-label={props.label}
      >
        <Shapes shapes={drawThroughput(props.history, width, props.words)} />
      </svg>
    </div>
  );
}
