import { splitLines } from '@fintech-ledger/contract';
import type { Readable } from 'node:stream';

/** The lines of a stream that are not empty. */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  const texts = stream.setEncoding('utf8') as AsyncIterable<string>;
  for await (const { content = '' } of splitLines(texts)) if (content.trim() !== '') yield content;
}

/** The values of a stream with one JSON text a line. */
export async function* jsonLines<T>(stream: Readable): AsyncGenerator<T> {
  for await (const line of linesOf(stream)) yield JSON.parse(line) as T;
}
