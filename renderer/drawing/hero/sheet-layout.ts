/**
 * Where things stand on the sheet: 1048 units wide, redrawn (not scaled) at 712 where the window is narrow.
 * @module
 */

/** Measures of one drawing, in units of its own. */
export type SheetLayout = {
  readonly name: 'wide' | 'narrow';
  readonly width: number;
  readonly height: number;
  /** A gateway's box. */
  readonly boxWidth: number;
  readonly boxHeight: number;
  /** Where the pipe begins and ends. */
  readonly left: number;
  readonly right: number;
  readonly hostTop: number;
  readonly cutX: number;
  readonly band: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    /** Left edge of each station. */
    readonly columns: readonly [number, number, number, number];
    readonly firstColumn: number;
  };
};

/** Heights that both sheets share: the road, the pipe, its lanes. */
export const level = {
  distance: 12,
  road: 46,
  wallTop: 78,
  boreTop: 82,
  outLane: 99,
  inLane: 125,
  boreBottom: 142,
  wallBottom: 146,
} as const;

/** For a sheet of 960 px and more. */
export const wideLayout: SheetLayout = {
  name: 'wide',
  width: 1048,
  height: 298,
  boxWidth: 175,
  boxHeight: 169,
  left: 176,
  right: 872,
  hostTop: 252,
  cutX: 524,
  band: { left: 192, right: 856, top: 196, columns: [232, 392, 552, 712], firstColumn: 232 },
};

/** For a narrower one. */
export const narrowLayout: SheetLayout = {
  name: 'narrow',
  width: 712,
  height: 370,
  boxWidth: 131,
  boxHeight: 169,
  left: 132,
  right: 580,
  hostTop: 200,
  cutX: 396,
  band: { left: 1, right: 711, top: 268, columns: [48, 216, 384, 552], firstColumn: 48 },
};

/** Height of a host's box, and of the data band's head and rows. */
export const hostHeight = 44;
export const bandHead = 24;
export const bandRow = 38;
