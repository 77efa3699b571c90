/**
 * Texts for the setkey language: good files with bytes, words and lines changed, cut and repeated, read as UTF-8 the way
 * files are, and the promises that hold whatever comes of it.
 * @module
 */
import assert from 'node:assert/strict';
import { Sad } from '#core/sad/sad.ts';
import { completionsAt } from '#core/setkey/editor/completion.ts';
import { diagnose } from '#core/setkey/editor/diagnostic.ts';
import { parseDocument } from '#core/setkey/editor/document.ts';
import { printDocument } from '#core/setkey/editor/document-printer.ts';
import { editorTokens } from '#core/setkey/editor/editor-token.ts';
import { runSetkey } from '#core/setkey/run.ts';
import { Spd } from '#core/spd/spd.ts';
import { testUsage } from '#test/support/associations.ts';
import type { FuzzTarget } from './fuzz.ts';
import type { Xorshift } from './xorshift.ts';

const key = 'c0ffee'.repeat(6).slice(0, 32);
const statements = [
  `add 192.0.2.1 198.51.100.1 esp 0x2711 -m transport -u 16386 -r 8 -E aes-cbc 0x${key} -A hmac-sha1 "aaaaaaaaaaaaaaaaaaaa";`,
  'add 2001:db8::1[4500] 2001:db8::2[4500] esp-udp 300 -lh 3600 -ls 3000 -f zero-pad -E null -A null; # note',
  `update 192.0.2.1 198.51.100.1 esp 0x2711 -E aes-gcm-16 0x${key}${key.slice(0, 8)};`,
  'get 192.0.2.1 198.51.100.1 esp 10001; delete -4n 192.0.2.1 198.51.100.1 esp 10001 -m any;',
  'deleteall 192.0.2.1 198.51.100.1 esp;\r\nflush esp; dump;',
  'spdadd 10.0.0.0/8[80] 10.1.0.0/16[any] tcp -P out prio low + 10 ipsec esp/transport//unique:5 ah/tunnel/::1-::2/use;',
  'spdadd ::/0 ::/0 icmp6 135,0 -P in none; spddelete 10.0.0.1 10.0.0.2 any -P out;',
  'spdupdate 10.0.0.1 10.0.0.2 gre 1.2.3.4 -ctx 1 2 "x y" -P fwd discard; spdadd tagged "lan" -P in none;',
  'spdflush; spddump; # the end\nexit; what follows is not read',
];
const pieces = [
  '"',
  ';',
  '#',
  '\n',
  '\r\n',
  '[',
  ']',
  '/',
  ',',
  ' ',
  '\0',
  '\ufeff',
  '-E',
  '0x',
  '\u{1f511}',
  '%',
  '-',
];
const perBatch = 16;

/** Texts that are nearly setkey's language. */
export class SetkeyTarget implements FuzzTarget {
  readonly #random: Xorshift;
  #good = 0;
  #bad = 0;
  #carriedOut = 0;

  constructor(random: Xorshift) {
    this.#random = random;
  }

  batch(): number {
    for (let count = 0; count < perBatch; count++) this.#once(this.#text());
    return perBatch;
  }

  finish(): void {
    const came = `${this.#good} good texts, ${this.#bad} bad ones, ${this.#carriedOut} statements carried out`;
    assert.ok(this.#good > 100 && this.#bad > 100 && this.#carriedOut > 100, came);
  }

  #text(): string {
    const random = this.#random;
    let text = '';
    for (let lines = random.below(4); lines >= 0; lines--) text += `${random.pick(statements)}\n`;
    for (let changes = random.below(4); changes > 0; changes--) text = this.#changed(text);
    return random.below(4) === 0 ? this.#throughBytes(text) : text;
  }

  #changed(text: string): string {
    const random = this.#random;
    const from = random.below(text.length + 1);
    const to = Math.min(text.length, from + random.below(12));
    const kind = random.below(4);
    const put = kind === 0 ? random.pick(pieces) : kind === 1 ? text.slice(from, to).repeat(2) : '';
    return kind === 3 ? text.slice(0, to) : text.slice(0, from) + put + text.slice(to);
  }

  #throughBytes(text: string): string {
    const bytes = new TextEncoder().encode(text);
    for (let changes = this.#random.below(6); changes > 0 && bytes.length > 0; changes--)
      bytes[this.#random.below(bytes.length)] = this.#random.next();
    return new TextDecoder().decode(bytes);
  }

  #once(text: string): void {
    const document = parseDocument(text);
    if (document.errors.length === 0) this.#good++;
    else this.#bad++;
    const printed = printDocument(document);
    assert.equal(printDocument(parseDocument(printed)), printed);
    assert.equal(contentOf(printed), contentOf(text));
    for (const { from, to, message, hint } of diagnose(text)) {
      assert.ok(from >= 0 && to >= from && to <= text.length);
      assert.ok(!/c0ffee|ffeec0|eec0ff/i.test(message + hint), `a key is shown: ${message} ${text}`);
    }
    completionsAt(text, this.#random.below(text.length + 1));
    this.#run(text, document.errors.length > 0);
  }

  #run(text: string, isBad: boolean): void {
    const context = { sad: new Sad({ limit: 100 }), spd: new Spd(), now: 0, pid: 1, usageOf: () => testUsage() };
    const file = runSetkey(text, 'file', context);
    if (isBad) assert.deepEqual([file.applied, context.sad.size, context.spd.size], [0, 0, 0]);
    this.#carriedOut += runSetkey(text, 'statements', context).applied;
    for (const { message } of file.errors) assert.ok(!/c0ffee/i.test(message), 'a key is shown');
  }
}

/** Tokens and comments without what stands between them. */
function contentOf(text: string): string {
  return editorTokens(text)
    .map(({ kind, from, to }) => `${kind}:${text.slice(from, to).trimEnd()}`)
    .join('\n');
}
