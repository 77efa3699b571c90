/**
 * Pictures of the app and of its tray, drawn once as SVG (build/icons) and rendered to PNG in every size.
 * @module
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

/** Sizes of the app's icon (the hicolor theme's, and what macOS and AppImage want). */
const appSizes = [16, 22, 24, 32, 48, 64, 128, 256, 512, 1024];

/** Up to here the icon has its own drawing, without the lines that would be a smudge. */
const smallSize = 24;

/** Sizes of the tray's, by suffix of the file's name, which Electron looks for on dense displays. */
const traySizes = { '': 22, '@2x': 44 } as const;

const trayConditions = ['off', 'up', 'working', 'attention'] as const;
const inks = { dark: '#1c201d', light: '#f4f1e8' } as const;

/** Render everything: the app's icon as `N×N.png` into `themeFolder`, what the app itself loads into `appFolder`. */
export async function buildIcons(appFolder: string, themeFolder: string): Promise<void> {
  await loadRenderer();
  mkdirSync(appFolder, { recursive: true });
  mkdirSync(themeFolder, { recursive: true });
  const app = readIcon('culvert-app');
  const small = readIcon('culvert-app-small');
  for (const size of appSizes) {
    writeFileSync(join(themeFolder, `${size}x${size}.png`), renderIcon(size <= smallSize ? small : app, size));
  }
  writeFileSync(join(appFolder, 'culvert-256.png'), renderIcon(app, 256));
  for (const condition of trayConditions) {
    for (const [ink, color] of Object.entries(inks)) {
      const svg = readIcon(`tray-${condition}`).replace('fill="#000"', `fill="${color}"`);
      for (const [suffix, size] of Object.entries(traySizes)) {
        writeFileSync(join(appFolder, `tray-${condition}-${ink}${suffix}.png`), renderIcon(svg, size));
      }
    }
  }
}

let isLoaded = false;

/** The renderer may be loaded once in a process. */
async function loadRenderer(): Promise<void> {
  if (isLoaded) return;
  isLoaded = true;
  await initWasm(readFileSync('node_modules/@resvg/resvg-wasm/index_bg.wasm'));
}

function readIcon(name: string): string {
  return readFileSync(join('build', 'icons', `${name}.svg`), 'utf8');
}

function renderIcon(svg: string, size: number): Uint8Array {
  return new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng();
}
