/**
 * Looks whether the machine's routes are still those that profiles rely on. What other programs take away of the refusals comes
 * back, for it is promised until the profile is taken down; of routes into a tunnel it is told, for whoever took them may have
 * meant it (docs/decisions/0010-profiles-fail-closed.md).
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { Log } from '#core/base/port.ts';
import { LookPace } from '#core/tunnel/event/look-pace.ts';
import type { Gateway } from '#core/tunnel/gateway.ts';
import type { HostRoute } from '#core/tunnel/port/route-port.ts';

/** The watch over the routes of all profiles. */
export class RouteWatch {
  readonly #refused: Pick<Gateway['refused'], 'restore'>;
  readonly #log: Log;
  readonly #pace = new LookPace();
  /** What went wrong is told once, not at every look. */
  #toldProblem = '';

  constructor(refused: Pick<Gateway['refused'], 'restore'>, log: Log) {
    this.#refused = refused;
    this.#log = log;
  }

  /** Whether the last look is long enough ago. */
  isDue(now: number): boolean {
    return this.#pace.isDue(now);
  }

  /** When it is. */
  get nextLookMs(): number {
    return this.#pace.nextMs;
  }

  /** Look, and bring back what is to be refused. Gives the routes that were there; null where that failed. Never rejects. */
  look(now: number): Promise<readonly HostRoute[] | null> {
    return this.#pace.look(now, () => this.#restore());
  }

  async #restore(): Promise<readonly HostRoute[] | null> {
    try {
      const { present, restored } = await this.#refused.restore();
      const message = 'another program had removed routes that refuse networks of profiles: they are back';
      if (restored.length > 0) this.#log.warn(message, { destinations: restored });
      this.#toldProblem = '';
      return present;
    } catch (error) {
      this.#tellOnce(error);
      return null;
    }
  }

  #tellOnce(error: unknown): void {
    const problem = error instanceof IpsecError ? `${error.code} ${error.message}` : 'a bug';
    const isStopping = error instanceof IpsecError && error.code === 'HELPER_UNREACHABLE';
    if (!isStopping && problem !== this.#toldProblem) {
      this.#log.warn('what is refused of profiles could not be looked at', { error });
    }
    this.#toldProblem = problem;
  }
}
