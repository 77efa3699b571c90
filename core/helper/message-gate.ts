/**
 * A gate between a client's socket and the JSON-RPC library: it lets a few whole messages through, or one that is long
 * alone, then waits until the server has answered one, and ends the connection on a frame that is malformed or longer
 * than allowed.
 *
 * So a client that sends without reading, or promises a gigabyte, costs the helper no memory: its bytes stay in the
 * kernel. Frames are those of the Language Server Protocol's base protocol: `Content-Length: N`, blank line, N bytes.
 * @module
 */
import { Transform } from 'node:stream';
import { IpsecError } from '#core/base/error.ts';

/** A gate: bytes go through `stream`, of so many messages at a time. */
export type MessageGate = {
  readonly stream: Transform;
  /** One of the messages that went through is answered. */
  open(): void;
};

/** Messages that may be in the server's hands, so that a slow command keeps no quick question waiting. */
export const mostInFlight = 8;
/** A longer one has the connection to itself. */
const longBytes = 64 * 1024;

/** Header bytes that a frame may have; clients send about 20. */
const maxHeaderBytes = 256;

/** A gate for messages of at most `maxBodyBytes`. The stream fails with `API_MESSAGE_TOO_LONG` or `API_BAD_PARAMS`. */
export function createMessageGate(maxBodyBytes: number): MessageGate {
  let header = Buffer.alloc(0);
  let frame: { readonly head: Buffer; readonly bytes: number } | null = null;
  let bodyLeft = 0;
  let inFlight = 0;
  let isLongInFlight = false;
  let waiting: (() => void) | null = null;

  const hasRoomFor = (bytes: number): boolean =>
    inFlight === 0 || (inFlight < mostInFlight && bytes <= longBytes && !isLongInFlight);

  /** Read the header of a message; gives what is behind it. */
  const readHeader = (bytes: Buffer): Buffer => {
    const before = header.length;
    header = Buffer.concat([header, bytes.subarray(0, maxHeaderBytes)]);
    const end = header.indexOf('\r\n\r\n');
    if (end < 0) {
      if (header.length >= maxHeaderBytes) throw badFrame('a message header is too long');
      return bytes.subarray(bytes.length);
    }
    frame = {
      head: header.subarray(0, end + 4),
      bytes: parseContentLength(header.toString('latin1', 0, end), maxBodyBytes),
    };
    header = Buffer.alloc(0);
    return bytes.subarray(end + 4 - before);
  };

  /** Pass on what is allowed of `bytes`; returns the rest, which must wait for `open`. */
  const advance = (bytes: Buffer): Buffer => {
    let rest = bytes;
    while (rest.length > 0) {
      if (bodyLeft === 0) {
        if (frame === null) rest = readHeader(rest);
        if (frame === null || !hasRoomFor(frame.bytes)) return rest;
        // Before the push: whoever gets the message may open the gate at once.
        inFlight++;
        isLongInFlight = frame.bytes > longBytes;
        bodyLeft = frame.bytes;
        stream.push(frame.head);
        frame = null;
      }
      const part = rest.subarray(0, bodyLeft);
      rest = rest.subarray(part.length);
      bodyLeft -= part.length;
      if (part.length > 0) stream.push(part);
    }
    return rest;
  };

  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const proceed = (bytes: Buffer): void => {
        try {
          const rest = advance(bytes);
          if (rest.length === 0) done();
          else waiting = () => proceed(rest);
        } catch (error) {
          done(error instanceof Error ? error : badFrame('a message is malformed'));
        }
      };
      proceed(chunk);
    },
  });

  return {
    stream,
    open() {
      inFlight = Math.max(0, inFlight - 1);
      if (inFlight === 0) isLongInFlight = false;
      const resume = waiting;
      waiting = null;
      resume?.();
    },
  };
}

function parseContentLength(header: string, maxBodyBytes: number): number {
  let length = 0;
  for (const line of header.split('\r\n')) {
    const match = /^content-length: *([0-9]{1,10})$/i.exec(line);
    if (match !== null) length = Number(match[1]);
    else if (!/^content-type: *[\x20-\x7e]*$/i.test(line)) throw badFrame('a message header is unknown');
  }
  if (length === 0) throw badFrame('a message has no length');
  if (length > maxBodyBytes) {
    throw new IpsecError('API_MESSAGE_TOO_LONG', `a message of ${length} bytes, more than ${maxBodyBytes}`, {
      bytes: length,
      limit: maxBodyBytes,
    });
  }
  return length;
}

function badFrame(message: string): IpsecError {
  return new IpsecError('API_BAD_PARAMS', message, { field: 'frame' });
}
