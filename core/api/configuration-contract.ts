/**
 * The part of the contract that is about a machine's configuration as a whole: plans, the change in one step, and its way
 * back. Texts hold keys and go one way; of keys, answers tell only that they differ.
 * @module
 */
import { z } from 'zod';
import { dropCauses, planDirections, planFates, revertReasons } from '#core/tunnel/plan/plan-word.ts';
import { longestText } from './text-limit.ts';

const text = z.string();
const count = z.number().nonnegative();
const fate = z.enum(planFates);

/** Files with their names; how long they may be together, the longest message says. */
export const filesSchema = z
  .array(z.strictObject({ name: z.string().max(4096), text: z.string().max(longestText) }))
  .min(1)
  .max(4096);

/** A plan (core/tunnel/plan/plan.ts). */
const planSchema = z.object({
  interfaces: z.array(
    z.object({
      fate,
      name: text,
      changes: z.array(z.object({ what: text, before: text.nullable(), after: text.nullable() })),
    }),
  ),
  associations: z.array(
    z.object({
      fate,
      key: text,
      text,
      spi: z.number().int(),
      /** `keys` has no values: only that they differ. */
      changes: z.array(z.object({ what: text, before: text.nullable(), after: text.nullable() })),
      keepsSequence: z.boolean(),
    }),
  ),
  policies: z.array(
    z.object({
      fate,
      origin: z.enum(['user', 'interface']),
      direction: z.enum(['in', 'out']),
      selector: text,
      before: text.nullable(),
      after: text.nullable(),
    }),
  ),
  drops: z.array(
    z.object({
      interface: text,
      cause: z.enum(dropCauses),
      direction: z.enum(['in', 'out', 'both']),
      family: z.enum(['ipv4', 'ipv6']).nullable(),
      why: text,
      isNew: z.boolean(),
    }),
  ),
  unchanged: z.object({ interfaces: count, associations: count, policies: count }),
  notes: z.array(text),
});

/** What came of files: a plan, or what is wrong with them. */
const planOutcomeSchema = z.object({
  problems: z.array(
    z.object({ file: text, line: z.number().int(), column: z.number().int(), message: text, hint: text }),
  ),
  plan: planSchema.nullable(),
});

/** What waits to be confirmed, and what became of the last that did. */
const pendingSchema = z.object({
  pending: z.object({ sinceMs: count, deadlineMs: count }).nullable(),
  lastRevert: z
    .object({
      atMs: count,
      why: z.enum(revertReasons),
      problem: z.object({ code: text, message: text, hint: text }).nullable(),
    })
    .nullable(),
});

/** method → who may call it, what it takes, what it gives. */
export const configurationContract = {
  /** What `configuration.apply` would do; with `from-files` what leads from the files to what is there. */
  'configuration.plan': {
    access: 'operate',
    params: z.strictObject({ files: filesSchema, direction: z.enum(planDirections).default('to-files') }),
    result: planOutcomeSchema,
  },
  /**
   * Make the machine what the files say, all or nothing. With `confirmSeconds` it is taken back by itself, whatever
   * becomes of the caller, unless `configuration.confirm` comes in time.
   */
  'configuration.apply': {
    access: 'operate',
    // Strict: a way back that is misspelled must not become a change for good.
    params: z.strictObject({
      files: filesSchema,
      confirmSeconds: z.number().int().min(1).max(86_400).nullable().default(null),
    }),
    result: planOutcomeSchema,
  },
  'configuration.confirm': { access: 'operate', params: z.strictObject({}), result: z.object({}) },
  'configuration.revert': { access: 'operate', params: z.strictObject({}), result: z.object({}) },
  'configuration.pending': { access: 'read', params: z.strictObject({}), result: pendingSchema },
} as const;

/** A method about the configuration. */
export type ConfigurationMethod = keyof typeof configurationContract;
/** What came of files. */
export type PlanAnswer = z.output<typeof planOutcomeSchema>;
/** A plan, as the contract has it. */
export type PlanView = z.output<typeof planSchema>;
/** What waits. */
export type PendingAnswer = z.output<typeof pendingSchema>;
