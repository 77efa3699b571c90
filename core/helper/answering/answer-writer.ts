/**
 * Writes messages to a client's socket in the Language Server Protocol's frames, as vscode-jsonrpc does, but for one thing: an
 * answer that many get is made into text once. Of a thousand tunnels that text has 2.5 MB, which takes ten times as long to
 * make as to hand to the kernel.
 * @module
 */
import type { Socket } from 'node:net';
import { Message, StreamMessageWriter, type MessageWriter } from 'vscode-jsonrpc/node';

/** Texts of answers, for as long as somebody has the answer. */
export class AnswerTexts {
  readonly #texts = new WeakMap<object, Buffer>();

  /** The text of an answer; the same bytes for the same answer, so it must not change any more. */
  textOf(answer: object): Buffer {
    const known = this.#texts.get(answer);
    if (known !== undefined) return known;
    const text = Buffer.from(JSON.stringify(answer), 'utf8');
    this.#texts.set(answer, text);
    return text;
  }
}

/** A writer to `socket`, which calls `onAnswered` when an answer has left for the kernel. An event answers nobody. */
export function createAnswerWriter(socket: Socket, texts: AnswerTexts, onAnswered: () => void): MessageWriter {
  // It hears errors and the end of the socket.
  const writer = new StreamMessageWriter(socket);
  return {
    onError: writer.onError,
    onClose: writer.onClose,
    dispose: () => writer.dispose(),
    end: () => writer.end(),
    async write(message) {
      await writeParts(socket, partsOf(message, texts));
      if (Message.isResponse(message)) onAnswered();
    },
  };
}

/** What a message is made of, in order. */
function partsOf(message: Message, texts: AnswerTexts): readonly Buffer[] {
  if (!Message.isResponse(message) || !isObject(message.result)) return [Buffer.from(JSON.stringify(message), 'utf8')];
  const { result, ...rest } = message;
  // A response always has a version and an id, so there is something before the comma.
  const head = `${JSON.stringify(rest).slice(0, -1)},"result":`;
  return [Buffer.from(head, 'utf8'), texts.textOf(result), Buffer.from('}', 'latin1')];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** One frame, in one system call as a rule. Rejects when the socket has failed. */
function writeParts(socket: Socket, parts: readonly Buffer[]): Promise<void> {
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  return new Promise((resolve, reject) => {
    socket.cork();
    socket.write(`Content-Length: ${bytes}\r\n\r\n`, 'latin1');
    for (const part of parts.slice(0, -1)) socket.write(part);
    socket.write(parts[parts.length - 1] ?? '', (error) => (error == null ? resolve() : reject(error)));
    socket.uncork();
  });
}
