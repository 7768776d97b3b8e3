import type { Readable } from 'node:stream';

/** The lines of a stream that are not empty. */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const lines = (rest + (chunk as string)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield line;
  }
  if (rest.trim() !== '') yield rest;
}

/** The values of a stream with one JSON text a line. */
export async function* jsonLines<T>(stream: Readable): AsyncGenerator<T> {
  for await (const line of linesOf(stream)) yield JSON.parse(line) as T;
}
