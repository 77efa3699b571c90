/**
 * A gateway's console: the culvert command, run as a user would run it, against the gateway's control socket. It does
 * not know whether a culvertd or the in-process network answers there.
 * @module
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Processes } from '#examples/two-gateways/netns/process.ts';

const culvertPath = fileURLToPath(new URL('../../../core/cli/main.ts', import.meta.url));
const ownerOnly = 0o600;

/** Where one gateway is told what to do. */
export class GatewayConsole {
  /** What the picture calls the gateway. */
  readonly name: string;
  /** Path of its control socket. */
  readonly socket: string;
  /** Where `setkey` puts its text. */
  readonly setkeyFile: string;
  readonly #processes: Processes;

  /** `directory` exists and only this user can enter it. */
  constructor(processes: Processes, name: string, directory: string) {
    this.#processes = processes;
    this.name = name;
    this.socket = join(directory, 'control.sock');
    this.setkeyFile = join(directory, 'setkey.conf');
  }

  /** Run `culvert …` and give what it printed. @throws CommandFailed when its status is not 0. */
  async culvert(...args: string[]): Promise<string> {
    const { stdout } = await this.#processes.run([process.execPath, culvertPath, '--socket', this.socket, ...args]);
    return stdout;
  }

  /** Run setkey text from a file that only its owner can read. */
  async setkey(text: string): Promise<void> {
    writeFileSync(this.setkeyFile, text, { mode: ownerOnly });
    await this.culvert('setkey', '-f', this.setkeyFile);
  }
}
