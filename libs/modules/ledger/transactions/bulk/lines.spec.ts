import fc from 'fast-check';
import { linesOf } from './lines';

async function* inChunks(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function read(text: string, sizes: readonly number[], max = 1_000): Promise<string[]> {
  const lines: string[] = [];
  for await (const { number, bytes } of linesOf(inChunks(Buffer.from(text), sizes), max)) {
    lines.push(`${number}:${bytes?.toString() ?? 'too long'}`);
  }
  return lines;
}

describe('lines', () => {
  it('are the same however the bytes come', async () => {
    const line = fc.stringMatching(/^[a-zé\r]{0,8}$/);
    const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(line), sizes, fc.boolean(), async (lines, chunkSizes, hasEnd) => {
        const text = lines.join('\n') + (hasEnd ? '\n' : '');
        const expected = lines
          .map((content, i) => [i + 1, content.replace(/\r$/, '')] as const)
          .filter(([, content]) => content !== '')
          .map(([number, content]) => `${number}:${content}`);
        expect(await read(text, chunkSizes)).toEqual(expected);
      }),
    );
  });

  it('that are too long are told, and the next ones read', async () => {
    expect(await read(`${'x'.repeat(11)}\n${'y'.repeat(10)}\nz`, [3], 10)).toEqual([
      '1:too long',
      `2:${'y'.repeat(10)}`,
      '3:z',
    ]);
  });
});
