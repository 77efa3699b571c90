/**
 * Where the window was: read when the app starts, written when the window moves or closes. A file that cannot be read
 * costs the position and nothing else; a window never opens outside of every display.
 * @module
 */
import { readFileSync } from 'node:fs';
import { writePrivateFile } from '#core/client/private-file.ts';

/** A rectangle in the desktop's units. */
export type Bounds = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** What is kept of the window. `bounds` is null until it was moved. */
export type WindowState = {
  readonly bounds: Bounds | null;
  readonly isMaximized: boolean;
  /** Zoom as a factor; 1 is as drawn. */
  readonly zoom: number;
};

/** Sizes of a window that nobody has moved, and the least that the sheets fit into. */
export const firstSize = { width: 1180, height: 760 };
/** The least size. */
export const leastSize = { width: 800, height: 560 };

/** Zoom factors that the menu reaches. */
export const zoomRange = { least: 0.5, most: 3 };

/** A window that was never opened. */
export const firstState: WindowState = { bounds: null, isMaximized: false, zoom: 1 };

/** So much of a window has to be on a display for a hand to catch it. */
const graspable = 80;

/** Frames of window managers are not wider, their titles included. */
const widestFrame = 64;

/** Read the file at `path`. */
export function loadWindowState(path: string): WindowState {
  try {
    return parseWindowState(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return firstState;
  }
}

/** Write the file at `path`, whole. What the file system refuses costs the position only. */
export function saveWindowState(path: string, state: WindowState): void {
  try {
    writePrivateFile(path, `${JSON.stringify(state)}\n`, false);
  } catch {
    // the window opens where it would without the file
  }
}

/** Bounds that are on one of `displays` (their work areas); null for a place that is on none any more. */
export function placeOnDisplay(bounds: Bounds | null, displays: readonly Bounds[]): Bounds | null {
  if (bounds === null) return null;
  const isReachable = displays.some((display) => {
    const across = overlap(bounds.x, bounds.width, display.x, display.width);
    const titleIsInside = bounds.y >= display.y && bounds.y < display.y + display.height - graspable / 2;
    return across >= graspable && titleIsInside;
  });
  if (!isReachable) return null;
  return {
    ...bounds,
    width: Math.max(bounds.width, leastSize.width),
    height: Math.max(bounds.height, leastSize.height),
  };
}

/**
 * How far a window's own account of its place is from where it was put: on X11 it is put by its frame, and tells where
 * the frame's inside is. What is more than a frame's edge is the person's doing and counts for nothing.
 */
export function frameShift(asked: Bounds, told: Bounds): { readonly x: number; readonly y: number } {
  const [x, y] = [told.x - asked.x, told.y - asked.y];
  const isFrame = [x, y].every((shift) => shift >= 0 && shift <= widestFrame);
  return isFrame ? { x, y } : { x: 0, y: 0 };
}

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart);
}

function parseWindowState(file: unknown): WindowState {
  if (typeof file !== 'object' || file === null) return firstState;
  const { bounds, isMaximized, zoom } = file as Readonly<Record<string, unknown>>;
  const isZoom = typeof zoom === 'number' && zoom >= zoomRange.least && zoom <= zoomRange.most;
  return { bounds: parseBounds(bounds), isMaximized: isMaximized === true, zoom: isZoom ? zoom : 1 };
}

function parseBounds(value: unknown): Bounds | null {
  if (typeof value !== 'object' || value === null) return null;
  const { x, y, width, height } = value as Readonly<Record<string, unknown>>;
  if (!isCoordinate(x) || !isCoordinate(y) || !isCoordinate(width) || !isCoordinate(height)) return null;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

function isCoordinate(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) < 100_000;
}
