/**
 * strongSwan's charon in a namespace, with settings, socket and log in a folder of its own; the list of plugins is explicit,
 * so that nothing of /etc is read.
 * @module
 */
import { spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { missingForNamespaces, hasProgram } from '#build/test/machine.ts';
import type { NetworkNamespace } from '#test/support/network-namespace.ts';

const charonPath = '/usr/sbin/charon-systemd';
const plugins = 'random nonce openssl aes sha1 sha2 hmac kdf pem pkcs1 pubkey kernel-netlink socket-default vici';
/** Folders below /etc/swanctl that Debian's package makes, and that swanctl looks into. */
const folders = 'bliss ecdsa pkcs12 pkcs8 private pubkey rsa x509 x509aa x509ac x509ca x509crl x509ocsp'.split(' ');
const patienceMs = 15_000;

/** What is missing; null when all is there. */
export function missingForCharon(): string | null {
  const namespaces = missingForNamespaces();
  if (namespaces !== null) return namespaces;
  if (!existsSync(charonPath)) return 'charon-systemd (npm run test:interop installs it)';
  return hasProgram('swanctl') ? null : 'swanctl (npm run test:interop installs it)';
}

/** A running charon. `stop` leaves nothing behind. */
export class Charon {
  readonly #namespace: NetworkNamespace;
  readonly #folder = mkdtempSync(join(tmpdir(), 'culvert-charon-'));
  #process: ChildProcess | null = null;

  /** In a namespace that it owns from now on. */
  constructor(namespace: NetworkNamespace) {
    this.#namespace = namespace;
  }

  /** Start it, and wait for its socket. */
  async start(): Promise<void> {
    writeFileSync(join(this.#folder, 'strongswan.conf'), this.#settings(), { mode: 0o600 });
    for (const name of folders) mkdirSync(join(this.#folder, name));
    const environment = [`STRONGSWAN_CONF=${join(this.#folder, 'strongswan.conf')}`];
    this.#process = this.#namespace.start('env', ...environment, charonPath);
    for (let waited = 0; !existsSync(this.#socket()); waited += 50) {
      if (waited > patienceMs || this.#process.exitCode !== null) throw new Error('charon did not come up');
      await delay(50);
    }
  }

  /** Run swanctl with the text as its only file. */
  loadAll(text: string): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
    const path = join(this.#folder, 'swanctl.conf');
    writeFileSync(path, text, { mode: 0o600 });
    return this.swanctl('--load-all', '--noprompt', '--file', path);
  }

  /** Run swanctl. */
  swanctl(...words: readonly string[]): {
    readonly status: number | null;
    readonly stdout: string;
    readonly stderr: string;
  } {
    const env = { ...process.env, SWANCTL_DIR: this.#folder, STRONGSWAN_CONF: join(this.#folder, 'strongswan.conf') };
    const command = ['netns', 'exec', this.#namespace.name, 'swanctl', ...words, '--uri', `unix://${this.#socket()}`];
    const { status, stdout, stderr } = spawnSync('ip', command, { env, encoding: 'utf8', timeout: patienceMs });
    return { status, stdout, stderr };
  }

  /** Stop it and remove its namespace and folder. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (child !== null && child.exitCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await Promise.race([ended, delay(5000, undefined, { ref: false }).then(() => child.kill('SIGKILL'))]);
    }
    this.#namespace.remove();
    rmSync(this.#folder, { recursive: true });
  }

  #socket(): string {
    return join(this.#folder, 'vici');
  }

  #settings(): string {
    const body = `
    load_modular = no
    load = ${plugins}
    plugins { vici { socket = unix://${this.#socket()} } }
    syslog { daemon { default = -1 }
      auth { default = -1 } }
    journal { default = -1 }
`;
    return `charon {${body}}\ncharon-systemd {${body}}\n`;
  }
}
