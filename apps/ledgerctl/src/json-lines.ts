import { splitLines } from '@fintech-ledger/contract';
import type { Readable } from 'node:stream';

/** The lines of a stream of UTF-8 that are not empty. undici's bodies decode nothing while they are read. */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const { content } of splitLines(stream as AsyncIterable<Uint8Array>)) {
    const line = decoder.decode(content);
    if (line.trim() !== '') yield line;
  }
}

/** The values of a stream with one JSON text a line. */
export async function* jsonLines<T>(stream: Readable): AsyncGenerator<T> {
  for await (const line of linesOf(stream)) yield JSON.parse(line) as T;
}
