/** One line of a stream, without its end. */
export interface Line<T extends string | Uint8Array> {
  /** From 1, counting empty lines too. */
  readonly number: number;
  /** Undefined when the line is longer than allowed. */
  readonly content: T | undefined;
  /** False for what follows the last end of a line: it may be cut off. */
  readonly isWhole: boolean;
}

/**
 * Splits a text or bytes (UTF-8) into their lines, holding no more than one line and one chunk at a time. One that is
 * too long is told as soon as that is known, and is not kept.
 * @param lengthMax of a line, in what the chunks are made of: characters or bytes
 */
export function splitLines(chunks: AsyncIterable<string>, lengthMax?: number): AsyncGenerator<Line<string>>;
export function splitLines(
  chunks: AsyncIterable<Uint8Array>,
  lengthMax?: number,
): AsyncGenerator<Line<Uint8Array>>;
export async function* splitLines(
  chunks: AsyncIterable<string | Uint8Array>,
  lengthMax = Infinity,
): AsyncGenerator<Line<string | Uint8Array>> {
  let held: (string | Uint8Array)[] = [];
  let length = 0;
  let number = 1;
  for await (const chunk of chunks) {
    for (let start = 0; start <= chunk.length;) {
      const end = endOfLine(chunk, start);
      const isWhole = end !== -1;
      const part = partOf(chunk, start, isWhole ? end : chunk.length);
      const wasTooLong = length > lengthMax;
      length += part.length;
      if (length <= lengthMax) held.push(part);
      else held = [];
      if (length > lengthMax && !wasTooLong) yield { number, content: undefined, isWhole };
      if (!isWhole) break;
      if (length <= lengthMax) yield { number, content: joined(held), isWhole };
      held = [];
      length = 0;
      number += 1;
      start = end + 1;
    }
  }
  if (length > 0 && length <= lengthMax) yield { number, content: joined(held), isWhole: false };
}

const newline = 0x0a;

function endOfLine(chunk: string | Uint8Array, from: number): number {
  return typeof chunk === 'string' ? chunk.indexOf('\n', from) : chunk.indexOf(newline, from);
}

function partOf(chunk: string | Uint8Array, from: number, to: number): string | Uint8Array {
  return typeof chunk === 'string' ? chunk.slice(from, to) : chunk.subarray(from, to);
}

/** Parts of one kind. */
function joined(parts: readonly (string | Uint8Array)[]): string | Uint8Array {
  const [first = ''] = parts;
  if (parts.length === 1) return first;
  if (typeof first === 'string') return parts.join('');
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts as readonly Uint8Array[]) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
