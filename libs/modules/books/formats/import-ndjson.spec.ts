import { exportFormats } from './export-formats';
import { importNdjson } from './import-ndjson';
import { fileOf, MemoryBooks, textOf } from '../../../testing/books/memory-books';

async function exported(id: string): Promise<readonly string[]> {
  const books = new MemoryBooks(id);
  for (const address of ['a', 'b'])
    await books.submit({ type: 'OpenAccount', address, accountType: 'asset', currency: 'USD' }, address);
  return (await textOf(exportFormats.ndjson.write(books.source()))).trimEnd().split('\n');
}
async function run(lines: readonly string[]) {
  const copy = new MemoryBooks('led_copy');
  const summary = await importNdjson(fileOf(lines.join('\n')), copy, {});
  return { errors: summary.errors, opened: copy.recorded.length };
}

describe('the last line of an export', () => {
  it('says how many there were: with one missing, or one more, nothing is imported', async () => {
    const lines = await exported('led_1');
    expect(lines).toHaveLength(4);
    expect(await run(lines)).toEqual({ errors: [], opened: 2 });
    for (const edited of [lines.toSpliced(2, 1), lines.toSpliced(2, 0, 'not JSON')])
      await expect(run(edited)).rejects.toMatchObject({
        problem: { code: 'malformed_line', line: edited.length, column: 'lines' },
      });
    expect(await run(lines.toSpliced(2, 2))).toMatchObject({
      errors: [{ code: 'malformed_line' }],
      opened: 1,
    });
  });

  it('counts from the header of its own export, where there are several in a file, and not what is empty', async () => {
    const both = [...(await exported('led_1')), '', ...(await exported('led_2'))];
    expect(await run(both)).toMatchObject({ errors: [], opened: 2 });
    await expect(run(both.toSpliced(6, 1))).rejects.toMatchObject({ problem: { line: 8 } });
  });

  it('stands for nothing without a header', async () => {
    const lines = await exported('led_1');
    expect(await run(lines.slice(2))).toEqual({ errors: [], opened: 1 });
  });
});

it('keeps a key of metadata that nobody may give any more', async () => {
  const source = new MemoryBooks('led_old');
  const metadata = (of: string) => JSON.parse(`{"__proto__":"${of}","a":"${of}"}`) as Record<string, string>;
  const open = { type: 'OpenAccount', accountType: 'asset', currency: 'USD' } as const;
  await source.submit({ ...open, address: 'a', metadata: metadata('1') }, '1');
  await source.submit({ ...open, address: 'b' }, '2');
  await source.submit({ type: 'AmendAccount', address: 'b', metadata: metadata('2') }, '3');
  const entries = (['debit', 'credit'] as const).map((direction) => ({
    ...{ account: direction === 'debit' ? 'a' : 'b', direction, amount: '1', currency: 'USD' },
  }));
  await source.submit({ type: 'PostTransaction', entries, metadata: metadata('3') }, '4');
  const told = async (books: MemoryBooks): Promise<readonly string[]> =>
    [...(await textOf(exportFormats.ndjson.write(books.source()))).matchAll(/"metadata":\{[^}]*\}/g)].map(
      String,
    );
  const copy = new MemoryBooks('led_copy');
  const text = await textOf(exportFormats.ndjson.write(source.source()));
  expect(await importNdjson(fileOf(text), copy, {})).toMatchObject({ errors: [], errors_total: 0 });
  expect(await told(copy)).toEqual(await told(source));
  expect((await told(copy)).join()).toContain('"__proto__":"2"');
});
