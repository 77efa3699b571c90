/**
 * `npm run dist -- [--linux deb,rpm,AppImage,tar.gz] [--mac dmg,pkg] [--electron-dist DIR [--test-build N] [--output DIR]]`:
 * packages, by electron-builder. With another Electron they are for tests, are named so, and lie in dist/test-packages.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'electron-builder';
import {
  builderConfig,
  packageName,
  testPackageName,
  testPackagesFolder,
  testVersion,
  type TestElectron,
} from './package/builder-config.ts';
import { buildDocuments } from './package/documents.ts';
import { buildHelperFolder } from './package/helper-folder.ts';
import { forgetStamp, hashSources, writeStamp } from './package/package-stamp.ts';
import { buildSystemFolder } from './package/system-folder.ts';
import { publisherOfTests, readPublisher } from './package/publisher.ts';
import { useSystemTools } from './package/system-tools.ts';
import { buildApp, electronVersion, readVersion, releaseBuild, testAppFolder } from './window/app.ts';
import { buildPage, releasePage } from './window/page.ts';
import { imageParts } from './window/test-runtime.ts';

const { values } = parseArgs({
  options: {
    linux: { type: 'string' },
    mac: { type: 'string' },
    'electron-dist': { type: 'string' },
    'test-build': { type: 'string', default: '1' },
    output: { type: 'string', default: testPackagesFolder },
  },
});
const isForTests = values['electron-dist'] !== undefined;
const publisher = isForTests ? publisherOfTests : readPublisher(process.env);
const sources = hashSources(process.cwd());
if (isForTests) forgetStamp(values.output);
const targetsOf = (list: string | undefined): string[] => (list ?? '').split(',').filter((name) => name !== '');

await buildPage(releasePage);
const testElectron = await buildFor(values['electron-dist']);
const version = testElectron === null ? readVersion('package.json') : testVersion(testElectron.build);
buildHelperFolder(version);
buildSystemFolder({ name: isForTests ? testPackageName : packageName, publisher, isForTests });
buildDocuments(version, testElectron?.version ?? electronVersion());
const paths = await build({
  config: builderConfig(process.cwd(), publisher, testElectron),
  ...(values.linux === undefined ? {} : { linux: targetsOf(values.linux) }),
  ...(values.mac === undefined ? {} : { mac: targetsOf(values.mac) }),
});
if (isForTests) writeStamp(values.output, { sources, packages: paths });
for (const path of paths) process.stdout.write(`${path}\n`);

async function buildFor(folder: string | undefined): Promise<TestElectron | null> {
  if (folder === undefined) {
    await buildApp(releaseBuild);
    return null;
  }
  const { status } = spawnSync(process.execPath, ['test/support/electron/test-build.ts'], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
  const version = readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
  // Its loader of apps is for checkouts; a package has an app of its own.
  const bare = join(values.output, 'electron');
  rmSync(bare, { recursive: true, force: true });
  const others = [join(folder, 'resources', 'app'), join(folder, imageParts)];
  cpSync(folder, bare, { recursive: true, filter: (path) => !others.includes(path) });
  useSystemTools(folder);
  const { output, 'test-build': build } = values;
  return { folder: bare, version, app: testAppFolder, output, build: Number(build) };
}
