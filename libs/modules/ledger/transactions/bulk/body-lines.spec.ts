import { bodyLines } from './body-lines';

async function* body(...chunks: readonly string[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

it('reads the lines that are not empty, whatever they end with, and says which are too long', async () => {
  const found: string[] = [];
  for await (const { number, bytes, size } of bodyLines(body('ab\r', '\n\n\r\ncdefg\nh', 'i'), 4))
    found.push(`${number}:${bytes?.toString() ?? 'too long'}:${size}`);
  expect(found).toEqual(['1:ab:2', '4:too long:0', '5:hi:2']);
});
