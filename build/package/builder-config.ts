/**
 * electron-builder's configuration, one for all packages. A run with the test runtime takes another Electron, writes
 * elsewhere and says so in the package's name; nothing else differs.
 * @module
 */
import { join } from 'node:path';
import type { Configuration } from 'electron-builder';
import { electronVersion, releaseFolder, themeIcons } from '../window/app.ts';
import { helperFolder, linksFolder } from './helper-folder.ts';

/** Another Electron than package.json's: where it lies, its version, and the app that was built for it. */
export type TestElectron = { readonly folder: string; readonly version: string; readonly app: string };

/** What a person installs beside the app's own folder: what lies here → where it goes. */
const linuxFiles = [
  ['culvertd.service', '/usr/lib/systemd/system/culvertd.service'],
  ['org.culvert.policy', '/usr/share/polkit-1/actions/org.culvert.policy'],
  ['start-helper', '/usr/libexec/culvert/start-helper'],
] as const;

const linuxFolder = join('build', 'package', 'linux');

/** What is turned off in Electron's program, before it is signed (Electron's security list, item 19). */
const fuses = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
} as const;

/** The configuration; with `testElectron` of packages for tests. */
export function builderConfig(root: string, testElectron: TestElectron | null): Configuration {
  const packageFiles = linuxFiles.map(([name, path]) => `${join(root, linuxFolder, name)}=${path}`);
  const scripts = {
    afterInstall: join(linuxFolder, 'after-install.sh'),
    afterRemove: join(linuxFolder, 'after-remove.sh'),
  };
  const links = ['culvert', 'culvertd'].map((name) => `${join(root, linksFolder, name)}=/usr/bin/${name}`);
  const fpm = [...packageFiles, ...links, `--before-remove=${join(root, linuxFolder, 'before-remove.sh')}`];
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
    // The test runtime's program has no place for the newest fuse.
    electronFuses: testElectron === null ? { ...fuses, grantFileProtocolExtraPrivileges: false } : fuses,
    directories: { app: releaseFolder, output: join('dist', 'packages') },
    // Everything is bundled; what electron-builder finds above the app's folder is the checkout's.
    files: ['**/*', '!node_modules', '!node_modules/**/*'],
    extraResources: [
      { from: helperFolder, to: 'helper' },
      { from: linuxFolder, to: 'linux', filter: ['apparmor-profile'] },
    ],
    linux: {
      target: ['deb', 'rpm', 'AppImage', 'tar.gz'],
      category: 'Network',
      icon: themeIcons,
      maintainer: 'Culvert <culvert@localhost>',
      vendor: 'Culvert',
      synopsis: 'Route-based IPsec tunnels, as NetBSD has them',
      desktop: {
        entry: {
          Name: 'Culvert',
          GenericName: 'Tunnels',
          Keywords: 'VPN;IPsec;tunnel;ESP;',
          StartupWMClass: 'culvert',
          SingleMainWindow: 'true',
        },
      },
    },
    deb: {
      ...scripts,
      fpm,
      depends: ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'xdg-utils'],
      recommends: ['pkexec | policykit-1', 'polkit-1-auth-agent'],
    },
    rpm: { ...scripts, fpm, depends: ['gtk3', 'nss', 'alsa-lib', 'mesa-libgbm', 'xdg-utils'] },
    mac: {
      target: ['dmg', 'pkg'],
      category: 'public.app-category.utilities',
      hardenedRuntime: true,
      icon: join(themeIcons, '1024x1024.png'),
    },
    pkg: { allowAnywhere: false, allowCurrentUserHome: false, isRelocatable: false },
    ...(testElectron === null ? {} : forTests(testElectron)),
  };
}

function forTests({ folder, version, app }: TestElectron): Partial<Configuration> {
  return {
    electronDist: folder,
    electronVersion: version,
    directories: { app, output: join('dist', 'test-packages') },
    extraMetadata: { name: 'culvert-test-build' },
    artifactName: 'culvert-test-build-${version}-${arch}.${ext}',
  };
}
