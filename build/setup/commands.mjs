/**
 * The commands of `node build/bootstrap.mjs COMMAND`: which source runs, and what it needs before.
 * @module
 */

/** Debian packages for real namespaces, devices and captures. */
const network = ['iproute2', 'iputils-ping', 'tcpdump'];

/** The kernel's NAT, for an example that has one. */
const nat = ['nftables'];

/** The tunnels that the benchmark compares with, as far as Debian has them. */
const peers = [
  ...['wireguard-go', 'wireguard-tools', 'openvpn', 'openssl', 'charon-systemd', 'strongswan-swanctl'],
  ...['libstrongswan-standard-plugins', 'libstrongswan-extra-plugins', 'libcharon-extra-plugins'],
];

/** Independent peers that read and write ESP themselves, load what is exported, and read QR codes. */
const witnesses = [
  ...['tshark', 'python3-scapy', 'python3-cryptography', 'zbar-tools'],
  ...['charon-systemd', 'strongswan-swanctl', 'libstrongswan-standard-plugins'],
];

/** A screen with a keyboard, a session bus, what Chromium stands on, and what unpacks the test runtime. */
const desktop = [
  ...['xvfb', 'openbox', 'xdotool', 'dbus-daemon', 'squashfs-tools', 'python3-pip'],
  ...['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1'],
];

/** A desktop to be looked at: frames, a panel with a tray, notifications, and what takes the picture. */
const pictures = ['xfwm4', 'xfce4-panel', 'xfconf', 'dunst', 'dbus-bin', 'imagemagick'];

/** What judges and unpacks packages, and what the deb depends on. */
const packaging = [
  ...['lintian', 'appstream', 'mandoc', 'libxml2-utils', 'zsh', 'fish', 'cpio'],
  ...['libxss1', 'xdg-utils', 'polkitd', 'pkexec'],
];

/** What packages are made with; the last three with the test runtime, in place of downloads. */
const builders = ['binutils', 'rpm', 'p7zip-full', 'squashfs-tools', 'desktop-file-utils'];

/** command → script with its first arguments, Debian packages, whether it uses the native package. */
export const commands = {
  start: { run: ['build/start.ts'], packages: [], native: false },
  build: { run: ['build/native.ts'], packages: [], native: true },
  dist: { run: ['build/dist.ts'], packages: builders, native: true },
  demo: { run: ['examples/two-gateways/demo.ts'], packages: network, native: true },
  bench: {
    run: ['test/bench/bench.ts'],
    packages: [...network, 'iperf3', ...peers, 'chromium', ...desktop, ...builders],
    native: true,
  },
  test: {
    run: ['build/test/run.ts'],
    packages: [...network, ...nat, ...witnesses, 'chromium', ...desktop, ...builders, ...packaging],
    native: true,
  },
  'test:e2e': { run: ['build/test/run.ts', 'e2e'], packages: [...network, 'chromium'], native: true },
  screenshots: {
    run: ['test/e2e/screenshots.ts'],
    packages: [...network, ...desktop, ...pictures, 'chromium'],
    native: true,
  },
  check: { run: ['build/test/run.ts', 'format', 'lint', 'types', 'architecture'], packages: [], native: false },
  'test:unit': { run: ['build/test/run.ts', 'unit'], packages: [], native: true },
  'test:native': { run: ['build/test/run.ts', 'native'], packages: [], native: true },
  'test:net': { run: ['build/test/run.ts', 'net'], packages: [...network, ...nat], native: true },
  'test:interop': {
    run: ['build/test/run.ts', 'interop'],
    packages: [...network, ...witnesses],
    native: true,
  },
  'test:electron': { run: ['build/test/run.ts', 'electron'], packages: [...network, ...desktop], native: true },
  'test:packages': {
    run: ['build/test/run.ts', 'packages'],
    packages: [...network, ...desktop, ...builders, ...packaging],
    native: true,
  },
  format: {
    run: ['node_modules/prettier/bin/prettier.cjs', '--write', '--log-level=warn', '.'],
    packages: [],
    native: false,
  },
  docs: { run: ['build/docs.ts'], packages: [], native: false },
};
