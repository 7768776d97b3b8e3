import { ImportRefused, problem } from './problem';
import { malformedLine } from './file-refusals';

/** Text from bytes, chunk by chunk; a byte order mark is skipped. @throws ImportRefused `malformed_line` where it is not UTF-8 */
export async function* decodeUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let lines = 1;
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new ImportRefused(
        problem(malformedLine, `the file is not UTF-8 after line ${lines}`, { line: lines }),
      );
    }
  };
  for await (const chunk of chunks) {
    const text = decode(chunk);
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) lines += 1;
    if (text !== '') yield text;
  }
  const rest = decode();
  if (rest !== '') yield rest;
}
