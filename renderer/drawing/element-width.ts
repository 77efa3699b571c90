/**
 * How wide an element is, for parts that leave things out where there is no room.
 * @module
 */
import { useLayoutEffect, useState, type RefObject } from 'react';

/** The width in pixels, now and whenever it changes; `Infinity` before it was measured. */
export function useElementWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(Infinity);
  useLayoutEffect(() => {
    const measured = element.current;
    if (measured === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? Infinity));
    observer.observe(measured);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
