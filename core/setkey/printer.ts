/**
 * Statements back to setkey text, one a line, in canonical form: canonical addresses and names, defaults left out,
 * keys as hexadecimal. Parsing what this prints gives the same tree.
 *
 * The text holds keys: it belongs to the operator only. `withKeys: false` writes a placeholder that does not parse.
 * @module
 */
import { toHex } from '#core/base/bytes.ts';
import { assertNever } from '#core/base/invariant.ts';
import { defaultOptions, paddingWords } from '#core/setkey/reading/association-parser.ts';
import { upperProtocolWord } from './protocol-name.ts';
import type {
  AssociationOptions,
  AssociationStatement,
  Endpoint,
  KeyedAlgorithm,
  Lookup,
  PolicyRule,
  PolicyStatement,
  PolicyText,
  SecurityContext,
  SelectorEnd,
  Statement,
  UpperLayer,
} from './syntax.ts';

/** What to print. */
export type PrintOptions = {
  /** Whether keys are written out; default true. */
  readonly withKeys?: boolean;
};

/** Text of `statements`, each on a line of its own. */
export function printStatements(statements: readonly Statement[], options: PrintOptions = {}): string {
  return statements.map((statement) => `${printStatement(statement, options)}\n`).join('');
}

/** Text of one statement, `;` included. */
function printStatement(statement: Statement, options: PrintOptions = {}): string {
  return `${words(statement, options.withKeys ?? true)
    .filter((word) => word !== '')
    .join(' ')};`;
}

function words(statement: Statement, withKeys: boolean): readonly string[] {
  switch (statement.kind) {
    case 'add':
    case 'update':
      return [...nameWords(statement), ...optionWords(statement.options), ...algorithmWords(statement, withKeys)];
    case 'get':
    case 'delete':
      return [...nameWords({ ...statement, natOriginal: null }), ...optionWords(statement.options)];
    case 'deleteall': {
      const { kind, lookup, source, destination, protocol } = statement;
      return [kind, lookupWord(lookup), source, destination, protocol];
    }
    case 'flush':
    case 'dump':
      return [statement.kind, statement.protocol ?? ''];
    case 'spdadd':
    case 'spdupdate':
    case 'spddelete':
      return policyWords(statement);
    case 'tagged':
      return [statement.verb, 'tagged', quote(statement.tag), ...policyTextWords(statement.policy)];
    case 'spdflush':
    case 'spddump':
    case 'exit':
      return [statement.kind];
    default:
      return assertNever(statement);
  }
}

type Named = Pick<AssociationStatement, 'lookup' | 'source' | 'destination' | 'protocol' | 'natOriginal' | 'spi'>;

function nameWords(statement: Named & { readonly kind: string }): readonly string[] {
  const { kind, lookup, source, destination, protocol, natOriginal, spi } = statement;
  return [
    kind,
    lookupWord(lookup),
    endpointWord(source),
    endpointWord(destination),
    protocol,
    natOriginal ?? '',
    String(spi),
  ];
}

function lookupWord({ family, isNumeric }: Lookup): string {
  return family === null && !isNumeric ? '' : `-${family ?? ''}${isNumeric ? 'n' : ''}`;
}

function endpointWord({ address, port }: Endpoint): string {
  return port === 0 ? address : `${address}[${port}]`;
}

function selectorWord({ prefix, port }: SelectorEnd): string {
  return port === 0 ? prefix : `${prefix}[${port}]`;
}

function optionWords(options: AssociationOptions): readonly string[] {
  const padding = Object.entries(paddingWords).find(([, kind]) => kind === options.padding)?.[0] ?? '';
  const given = (flag: string, value: number): string => (value === 0 ? '' : `${flag} ${value}`);
  return [
    options.mode === defaultOptions.mode ? '' : `-m ${options.mode}`,
    given('-u', options.reqid),
    given('-r', options.replayBytes),
    options.padding === defaultOptions.padding ? '' : `-f ${padding}`,
    options.isCyclic ? '' : '-f nocyclic-seq',
    options.hasEsn ? '-esn' : '',
    given('-lh', options.hardSeconds),
    given('-ls', options.softSeconds),
    given('-bh', options.hardBytes),
    given('-bs', options.softBytes),
    contextWord(options.context),
    given('-esp_frag', options.fragmentBytes),
  ];
}

function algorithmWords(statement: AssociationStatement, withKeys: boolean): readonly string[] {
  const { encryption, integrity, compression } = statement;
  return [
    algorithmWord('-E', encryption, withKeys),
    algorithmWord('-A', integrity, withKeys),
    compression === null ? '' : `-C ${compression.name}${compression.isRaw ? ' -R' : ''}`,
  ];
}

function algorithmWord(flag: string, algorithm: KeyedAlgorithm | null, withKeys: boolean): string {
  if (algorithm === null) return '';
  const { name, key } = algorithm;
  if (key === null) return `${flag} ${name}`;
  return `${flag} ${name} ${withKeys ? `0x${toHex(key.reveal())}` : `(${key.length * 8}-bit key)`}`;
}

function contextWord(context: SecurityContext | null): string {
  return context === null ? '' : `-ctx ${context.doi} ${context.algorithm} ${quote(context.text)}`;
}

function policyWords(statement: PolicyStatement): readonly string[] {
  const { kind, lookup, source, destination, upper, context, policy } = statement;
  return [
    kind,
    lookupWord(lookup),
    selectorWord(source),
    selectorWord(destination),
    upperWords(upper),
    contextWord(context),
    ...policyTextWords(policy),
  ];
}

function upperWords({ protocol, message, greKey }: UpperLayer): string {
  const word = upperProtocolWord(protocol);
  if (message !== null) return `${word} ${message.type}${message.code === null ? '' : `,${message.code}`}`;
  return greKey === null ? word : `${word} ${greKey}`;
}

function policyTextWords({ direction, priority, action, rules }: PolicyText): readonly string[] {
  return ['-P', direction, priority === null ? '' : `priority ${priority}`, action ?? '', ...rules.map(ruleWord)];
}

function ruleWord({ protocol, mode, endpoints, level, reqid }: PolicyRule): string {
  const pair =
    endpoints === null
      ? ''
      : typeof endpoints === 'string'
        ? endpoints
        : `${endpointWord(endpoints.source)}-${endpointWord(endpoints.destination)}`;
  return `${protocol}/${mode}/${pair}/${level}${reqid === null ? '' : `:${reqid}`}`;
}

/** Strings of the language have no escapes; the lexer lets no quote and no line break into one. */
function quote(text: string): string {
  return `"${text}"`;
}
