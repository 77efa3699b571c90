/**
 * Virtual time for the in-process network: time stands still while code runs and jumps to the next event.
 * Events of the same moment run in the order in which they were scheduled, so a run is repeatable.
 * @module
 */
import type { Clock } from '#core/base/port.ts';

type ScheduledEvent = { readonly atMs: number; readonly order: number; readonly run: () => void };

/** 2023-11-14T22:13:20Z: any moment will do, but 0 means "never" in many places. */
const defaultStartMs = 1_700_000_000_000;

/** The clock and the queue of what is to happen. */
export class VirtualClock implements Clock {
  #nowMs: number;
  #order = 0;
  /** A binary heap: the earliest event first. */
  readonly #heap: ScheduledEvent[] = [];

  constructor(startMs = defaultStartMs) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** How many events are waiting. */
  get pending(): number {
    return this.#heap.length;
  }

  /** Run `run` after `delayMs`; 0 means after what is running now. */
  schedule(delayMs: number, run: () => void): void {
    this.#push({ atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, run });
  }

  /** Let `ms` pass, running what falls due. */
  advance(ms: number): void {
    const end = this.#nowMs + ms;
    while (this.#heap[0] !== undefined && this.#heap[0].atMs <= end) this.#runNext();
    this.#nowMs = end;
  }

  /** Run events until `isDone` holds or `limitMs` have passed; returns whether it holds. Ends early when nothing is left to run. */
  runUntil(isDone: () => boolean, limitMs: number): boolean {
    const end = this.#nowMs + limitMs;
    while (!isDone() && this.#heap[0] !== undefined && this.#heap[0].atMs <= end) this.#runNext();
    if (!isDone()) this.#nowMs = end;
    return isDone();
  }

  #runNext(): void {
    const next = this.#pop();
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.run();
  }

  #push(event: ScheduledEvent): void {
    const heap = this.#heap;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isEarlier(event, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): ScheduledEvent {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) throw new Error('no event is waiting');
    if (heap.length > 0) this.#sink(last);
    return first;
  }

  /** Put `event` at the top and let it sink to its place. */
  #sink(event: ScheduledEvent): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      if (left === undefined) break;
      const isRight = right !== undefined && isEarlier(right, left);
      const child = isRight ? right : left;
      if (!isEarlier(child, event)) break;
      heap[index] = child;
      index = 2 * index + (isRight ? 2 : 1);
    }
    heap[index] = event;
  }
}

function isEarlier(left: ScheduledEvent, right: ScheduledEvent): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
}
