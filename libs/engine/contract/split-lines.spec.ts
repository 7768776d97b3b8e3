import fc from 'fast-check';
import { splitLines } from './split-lines';
import type { Line } from './split-lines';

async function* inChunks<T extends string | Uint8Array>(
  whole: T,
  sizes: readonly number[],
): AsyncGenerator<T> {
  let at = 0;
  for (let i = 0; at < whole.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    yield whole.slice(at, at + size) as T;
    at += size;
  }
}

async function read(lines: AsyncIterable<Line<string | Uint8Array>>): Promise<string[]> {
  const all: string[] = [];
  for await (const { number, content, isWhole } of lines) {
    const text = typeof content === 'string' ? content : content && Buffer.from(content).toString();
    all.push(`${number}${isWhole ? '' : '…'}:${text ?? 'too long'}`);
  }
  return all;
}

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

describe('lines', () => {
  it('are the same however a text or its bytes come', async () => {
    const line = fc.stringMatching(/^[a-zé\r]{0,8}$/);
    const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(line), sizes, fc.boolean(), async (lines, chunkSizes, hasEnd) => {
        const text = lines.join('\n') + (hasEnd && lines.length > 0 ? '\n' : '');
        const expected = lines.map((content, i) => {
          const isWhole = hasEnd || i < lines.length - 1;
          return isWhole || content !== '' ? `${i + 1}${isWhole ? '' : '…'}:${content}` : undefined;
        });
        const wanted = expected.filter((one) => one !== undefined);
        expect(await read(splitLines(inChunks(text, chunkSizes)))).toEqual(wanted);
        expect(await read(splitLines(inChunks(bytesOf(text), chunkSizes)))).toEqual(wanted);
      }),
    );
  });

  it.each([1, 3, 100])(
    'that are too long are told once, and the next ones read (chunks of %i)',
    async (size) => {
      const text = `${'x'.repeat(31)}\n${'y'.repeat(10)}\n\n${'z'.repeat(11)}`;
      const expected = ['too long', 'y'.repeat(10), '', 'too long'];
      const found = [
        await read(splitLines(inChunks(text, [size]), 10)),
        await read(splitLines(inChunks(bytesOf(text), [size]), 10)),
      ];
      for (const lines of found) expect(lines.map((line) => line.replace(/^[^:]*:/, ''))).toEqual(expected);
    },
  );

  it('that are too long are told before they end', async () => {
    async function* endless(): AsyncGenerator<string> {
      for (;;) yield 'xxxxxxxx';
    }
    const lines = splitLines(endless(), 100);
    expect((await lines.next()).value).toEqual({ number: 1, content: undefined, isWhole: false });
    await lines.return(undefined);
  });
});
