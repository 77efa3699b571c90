/**
 * Programs of the system that a command needs, installed from Debian packages where root and apt-get are there.
 * Without them the command goes on with what it can do.
 * @module
 */
import { existsSync } from 'node:fs';
import { findProgram, runStep } from './child-process.mjs';
import { say } from './say.mjs';

/** Debian package → how to see that it is there. */
export const probes = {
  iproute2: () => hasProgram('ip'),
  'iputils-ping': () => hasProgram('ping'),
  tcpdump: () => hasProgram('tcpdump'),
  nftables: () => hasProgram('nft'),
  iperf3: () => hasProgram('iperf3'),
  'wireguard-go': () => hasProgram('wireguard-go'),
  'wireguard-tools': () => hasProgram('wg'),
  openvpn: () => hasProgram('openvpn'),
  openssl: () => hasProgram('openssl'),
  'charon-systemd': () => hasProgram('charon-systemd'),
  'strongswan-swanctl': () => hasProgram('swanctl'),
  'libstrongswan-standard-plugins': () => hasStrongswanPlugin('openssl'),
  'libstrongswan-extra-plugins': () => hasStrongswanPlugin('curve25519'),
  'libcharon-extra-plugins': () => hasStrongswanPlugin('kernel-libipsec'),
  chromium: () => hasProgram('chromium'),
  tshark: () => hasProgram('tshark'),
  'zbar-tools': () => hasProgram('zbarimg'),
  'python3-scapy': () => existsSync('/usr/lib/python3/dist-packages/scapy'),
  'python3-cryptography': () => existsSync('/usr/lib/python3/dist-packages/cryptography'),
  xvfb: () => hasProgram('Xvfb'),
  openbox: () => hasProgram('openbox'),
  xdotool: () => hasProgram('xdotool'),
  xfwm4: () => hasProgram('xfwm4'),
  'xfce4-panel': () => hasProgram('xfce4-panel'),
  xfconf: () => hasProgram('xfconf-query'),
  dunst: () => hasProgram('dunst'),
  imagemagick: () => hasProgram('convert') || hasProgram('magick'),
  'dbus-bin': () => hasProgram('dbus-send'),
  'dbus-daemon': () => hasProgram('dbus-daemon'),
  'squashfs-tools': () => hasProgram('unsquashfs'),
  'python3-pip': () => hasProgram('pip3'),
  'libgtk-3-0': () => hasLibrary('libgtk-3.so.0'),
  libnss3: () => hasLibrary('libnss3.so'),
  libasound2: () => hasLibrary('libasound.so.2'),
  libgbm1: () => hasLibrary('libgbm.so.1'),
  lintian: () => hasProgram('lintian'),
  'desktop-file-utils': () => hasProgram('desktop-file-validate'),
  appstream: () => hasProgram('appstreamcli'),
  mandoc: () => hasProgram('mandoc'),
  'libxml2-utils': () => hasProgram('xmllint'),
  zsh: () => hasProgram('zsh'),
  fish: () => hasProgram('fish'),
  cpio: () => hasProgram('cpio'),
  binutils: () => hasProgram('strip'),
  rpm: () => hasProgram('rpmbuild'),
  'p7zip-full': () => hasProgram('7za'),
  libxss1: () => hasLibrary('libXss.so.1'),
  'xdg-utils': () => hasProgram('xdg-open'),
  polkitd: () => existsSync('/usr/lib/polkit-1/polkitd'),
  pkexec: () => hasProgram('pkexec'),
  gcc: () => hasProgram('cc') || hasProgram('gcc'),
  'libc6-dev': () => existsSync('/usr/include/stdio.h'),
};

/** Install those of `packages` that are missing, or say how. Never fails: the command reports what it lacks. */
export async function installDebianPackages(packages) {
  if (process.platform !== 'linux') return;
  const missing = packages.filter((name) => !probes[name]());
  if (missing.length === 0) return;
  const list = missing.join(' ');
  if (process.getuid() !== 0 || findProgram('apt-get') === null) {
    say(`missing: ${list}; install them (apt-get install ${list}), going on without`);
    return;
  }
  say(`installing ${list} with apt-get`);
  const install = ['install', '--yes', '--no-install-recommends', ...missing];
  if ((await runApt(install)).status === 0) return;
  say('updating the lists of packages with apt-get update');
  await runApt(['update']);
  if ((await runApt(install)).status === 0) return;
  // One that this system does not have must not keep the others away.
  for (const name of missing) {
    const { status, output } = await runApt(['install', '--yes', '--no-install-recommends', name]);
    if (status !== 0) say(`apt-get could not install ${name}, going on without: ${lastLine(output)}`);
  }
}

function runApt(args) {
  return runStep('apt-get', args, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
}

function hasStrongswanPlugin(name) {
  return existsSync(`/usr/lib/ipsec/plugins/libstrongswan-${name}.so`);
}

/** In Debian's folder of this architecture's libraries. */
function hasLibrary(name) {
  const architecture = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch] ?? '';
  return existsSync(`/usr/lib/${architecture}/${name}`);
}

/** /usr/sbin is not in every PATH, and `ip` lives there. */
function hasProgram(name) {
  return findProgram(name, `${process.env.PATH}:/usr/sbin:/sbin`) !== null;
}

function lastLine(text) {
  return text.trimEnd().split('\n').at(-1);
}
