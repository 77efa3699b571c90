/**
 * Tells what the demo does: one line for each step, a mark at its end, and what came of it.
 * @module
 */
import type { Writable } from 'node:stream';

/** Writes the story of one run. */
export class Narrator {
  readonly #out: Writable;

  /** `out`: stdout, or stderr where stdout is for the result alone. */
  constructor(out: Writable) {
    this.#out = out;
  }

  /** Lines as they are. */
  say(text = ''): void {
    this.#out.write(`${text}\n`);
  }

  /**
   * Do something, and say so: the text, then a check mark and what `result` makes of the outcome. A failure gets a
   * cross and is thrown on.
   */
  async step<Outcome>(
    text: string,
    act: () => Promise<Outcome>,
    result: (outcome: Outcome) => string = () => '',
  ): Promise<Outcome> {
    this.#out.write(text);
    try {
      const outcome = await act();
      const said = result(outcome);
      this.#out.write(`${said === '' ? '' : `: ${said}`} ✓\n`);
      return outcome;
    } catch (error) {
      this.#out.write(' ✗\n');
      throw error;
    }
  }
}

/** A count in groups of three, as `1 636 802` (thin spaces would not survive every terminal). */
export function groupDigits(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** A rate with three figures, as `7.38 Gbit/s`. */
export function formatRate(mbitPerSecond: number): string {
  const isGiga = mbitPerSecond >= 1000;
  return `${(isGiga ? mbitPerSecond / 1000 : mbitPerSecond).toPrecision(3)} ${isGiga ? 'Gbit/s' : 'Mbit/s'}`;
}

/** Bytes as `256 MiB` where they are whole units, as a count of bytes where not. */
export function formatBytes(bytes: number): string {
  const unit = (['GiB', 'MiB', 'KiB'] as const).map((name, index) => ({ name, size: 1024 ** (3 - index) }));
  const whole = unit.find(({ size }) => bytes >= size && bytes % size === 0);
  return whole === undefined ? `${groupDigits(bytes)} bytes` : `${bytes / whole.size} ${whole.name}`;
}
