import { Readable } from 'node:stream';
import { linesOf } from './json-lines';

async function all(chunks: readonly Uint8Array[]): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(Readable.from(chunks))) lines.push(line);
  return lines;
}

describe('the lines of a stream', () => {
  it('are those of its bytes, wherever they are cut: also within a character', async () => {
    const bytes = Buffer.from('{"name":"Žižkov €"}\n\n  \n{"n":2}');
    const wanted = ['{"name":"Žižkov €"}', '{"n":2}'];
    for (let at = 0; at <= bytes.length; at += 1)
      expect(await all([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(wanted);
    expect(await all([...bytes].map((byte) => Buffer.from([byte])))).toEqual(wanted);
  });
});
