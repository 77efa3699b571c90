/**
 * electron-builder's configuration, one for all packages. A run with the test runtime takes another Electron, writes
 * elsewhere and says so in the package's name; nothing else differs.
 * @module
 */
import { join } from 'node:path';
import type { Configuration } from 'electron-builder';
import { electronVersion, readVersion, releaseFolder, themeIcons } from '../window/app.ts';
import { documentsFolder } from './documents.ts';
import { helperFolder } from './helper-folder.ts';
import { neededPackages, recommended } from './needed-packages.ts';
import type { Publisher } from './publisher.ts';
import { changelogFile, debFolder, linuxFolder, systemFolder } from './system-folder.ts';

/** Another Electron than package.json's: where it lies, its version, and the app that was built for it. */
export type TestElectron = {
  readonly folder: string;
  readonly version: string;
  readonly app: string;
  /** Where the packages go. */
  readonly output: string;
  /** Which of several builds of one version this is: a higher number is an upgrade. */
  readonly build: number;
};

/** Where packages for tests go. */
export const testPackagesFolder = join('dist', 'test-packages');

/** The package's name in a release, and in a build for tests. */
export const packageName = 'culvert';
export const testPackageName = 'culvert-test-build';

/** The version of a build for tests: older than the release that it comes before (Semantic Versioning, 11.4). */
export function testVersion(build: number): string {
  return `${readVersion('package.json')}-test.${build}`;
}

/** What is turned off in Electron's program, before it is signed (Electron's security list, item 19). */
const fuses = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
} as const;

/** By which a desktop knows whose a window is (Wayland's app_id). */
const desktopName = 'culvert.desktop';

/** In one line. */
const summary = 'Route-based IPsec tunnels';

/** What software centres show below the synopsis. */
const description = `Culvert makes tunnels between networks with IPsec, as NetBSD's
ipsecif(4) does: each tunnel is a network interface, and what is routed
into it arrives encrypted at the other end. A window, a command line and
the helper that runs the tunnels.`;

/** The configuration; with `testElectron` of packages for tests. */
export function builderConfig(root: string, publisher: Publisher, testElectron: TestElectron | null): Configuration {
  const { homepage, maintainer } = publisher;
  const scripts = {
    afterInstall: join(linuxFolder, 'after-install.sh'),
    afterRemove: join(linuxFolder, 'after-remove.sh'),
    appArmorProfile: join(linuxFolder, 'apparmor-profile'),
  };
  const fpm = [`${join(root, systemFolder)}/=/`, `--before-remove=${join(root, linuxFolder, 'before-remove.sh')}`];
  return {
    appId: 'org.culvert.Culvert',
    productName: 'Culvert',
    executableName: 'culvert',
    copyright: 'BSD-2-Clause',
    asar: true,
    npmRebuild: false,
    nodeGypRebuild: false,
    publish: null,
    electronVersion: electronVersion(),
    // The window speaks English; so do the few words of Chromium's own.
    electronLanguages: ['en-US'],
    // The test runtime's program has no place for the newest fuse.
    electronFuses: testElectron === null ? { ...fuses, grantFileProtocolExtraPrivileges: false } : fuses,
    directories: { app: releaseFolder, output: join('dist', 'packages') },
    // Everything is bundled; what electron-builder finds above the app's folder is the checkout's.
    files: ['**/*', '!node_modules', '!node_modules/**/*'],
    extraMetadata: { description: summary, homepage, desktopName },
    extraResources: [
      { from: helperFolder, to: 'helper' },
      // Left out of any other folder.
      { from: join(helperFolder, 'node_modules'), to: 'helper/node_modules' },
      { from: documentsFolder, to: '.' },
    ],
    linux: {
      syncDesktopName: true,
      target: ['deb', 'rpm', 'AppImage', 'tar.gz'],
      category: 'Network',
      icon: themeIcons,
      maintainer,
      vendor: 'Culvert',
      synopsis: 'route-based IPsec tunnels, as NetBSD has them',
      description,
      desktop: {
        entry: {
          Name: 'Culvert',
          GenericName: 'Tunnels',
          Comment: summary,
          Keywords: 'VPN;IPsec;tunnel;ESP;',
          StartupWMClass: 'culvert',
        },
      },
    },
    deb: {
      ...scripts,
      fpm: [...fpm, `${join(root, debFolder)}/=/`, `--deb-changelog=${join(root, changelogFile)}`],
      packageCategory: 'net',
      depends: neededPackages('deb'),
      recommends: [...recommended.deb],
    },
    // Without words of electron-builder's own, which would turn the sandbox off; and with a beginning that needs no FUSE 2.
    toolsets: { appimage: '1.0.3' },
    appImage: { executableArgs: [] },
    rpm: {
      ...scripts,
      fpm: [...fpm, ...recommended.rpm.map((name) => `--rpm-tag=Recommends: ${name}`)],
      depends: neededPackages('rpm'),
    },
    mac: {
      target: ['dmg', 'pkg'],
      category: 'public.app-category.utilities',
      hardenedRuntime: true,
      icon: join(themeIcons, '1024x1024.png'),
    },
    pkg: { allowAnywhere: false, allowCurrentUserHome: false, isRelocatable: false },
    ...(testElectron === null ? {} : forTests(homepage, testElectron)),
  };
}

function forTests(homepage: string, { folder, version, app, output, build }: TestElectron): Partial<Configuration> {
  return {
    electronDist: folder,
    electronVersion: version,
    directories: { app, output },
    extraMetadata: {
      description: `${summary} (test build, not for use)`,
      homepage,
      desktopName,
      name: testPackageName,
      version: testVersion(build),
    },
    // What its images begin with reads nothing newer.
    appImage: { executableArgs: [], compression: 'gzip' },
    artifactName: 'culvert-test-build-${version}-${arch}.${ext}',
  };
}
