/**
 * Reads answers of the helper on a client's side: the value that the contract promises, or the helper's refusal as the
 * `IpsecError` that it was.
 * @module
 */
import { z } from 'zod';
import { errorCatalog } from '#core/base/error-catalog.ts';
import { fromWireError, IpsecError, type ErrorCode } from '#core/base/error.ts';
import { contract, type Method, type Result } from './contract.ts';
import { relayContract, type RelayMethod, type RelayResult } from './relay.ts';

const envelopeSchema = z.union([
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error: z.object({
      code: z.string(),
      message: z.string(),
      hint: z.string(),
      details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    }),
  }),
]);

/**
 * The value in the helper's answer to `method`.
 * @throws {IpsecError} the helper's own; `INTERNAL` for a code that this side does not know; `API_UNKNOWN_METHOD` for
 * an answer outside the contract.
 */
export function parseAnswer<M extends Method>(method: M, answer: unknown): Result<M> {
  return parseValue(method, contract[method].result, answer) as Result<M>;
}

/**
 * The value in an answer to `method` that came by a relay, from the helper or from the shell.
 * @throws {IpsecError} as `parseAnswer` does.
 */
export function parseRelayAnswer<M extends RelayMethod>(method: M, answer: unknown): RelayResult<M> {
  return parseValue(method, relayContract[method].result, answer) as RelayResult<M>;
}

function parseValue(method: RelayMethod, schema: z.ZodType, answer: unknown): unknown {
  const envelope = envelopeSchema.safeParse(answer);
  if (!envelope.success) throw misunderstood(method);
  if (!envelope.data.ok) {
    const { code, message, hint, details } = envelope.data.error;
    if (!isErrorCode(code)) throw new IpsecError('INTERNAL', `${message} (${code})`, details);
    throw fromWireError({ code, message, hint, details });
  }
  const value = schema.safeParse(envelope.data.value);
  if (!value.success) throw misunderstood(method);
  return value.data;
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalog, code);
}

function misunderstood(method: RelayMethod): IpsecError {
  return new IpsecError('API_UNKNOWN_METHOD', `the answer to ${method} does not fit the contract`, { method });
}
