/**
 * The spans that a history of traffic is shown over: how long, and in steps of what length.
 * @module
 */

/** Names of the spans. */
export const historySpans = ['1min', '15min', '24h'] as const;
/** One of `historySpans`. */
export type HistorySpan = (typeof historySpans)[number];

/** A span in steps. */
export type SpanRow = { readonly stepMs: number; readonly steps: number };

/** Span → steps. */
export const historySpanRows: Readonly<Record<HistorySpan, SpanRow>> = {
  '1min': { stepMs: 1000, steps: 60 },
  '15min': { stepMs: 1000, steps: 900 },
  '24h': { stepMs: 60_000, steps: 1440 },
};
