import { seededRandom } from '@fintech-ledger/testing';
import { seedOf } from '../../testing/seed';
import { PageDigests, pageOf, rangeOf } from './page-digests';
import { entriesOf, hasBucket, hasVersion, IndexBudget, PageIndex } from './page-index';
import { blockOf, Seals } from './seals';

const seals = new Seals('a pepper of a test, 32 characters');
const seed = seedOf('DIGESTS_SEED');

/** Rows as a table has them: bucket and MAC by key. */
class Rows {
  readonly blocks = new Map<number, Buffer>();
  private versions = 0;

  put(key: number): { removed: Buffer; added: Buffer } {
    const removed = this.blocks.get(key) ?? Buffer.alloc(0);
    const mac = seals.rowMac('s', { key: `k${key}`, text: `${(this.versions += 1)}` });
    const added = blockOf(seals.bucketOf(`k${key}`), mac);
    this.blocks.set(key, added);
    return { removed, added };
  }

  ofPage(page: number, pages: number): Buffer {
    return Buffer.concat(
      [...this.blocks.values()].filter((block) => pageOf(block.readInt32BE(0), pages) === page),
    );
  }
}

it('has every bucket in exactly one page, whatever their number', () => {
  const edges = [-(2 ** 31), -1, 0, 1, 2 ** 31 - 1, 123_456_789, -987_654_321];
  for (const pages of [1, 2, 3, 4, 5, 63, 64, 65, 1_000, 2 ** 20 + 7]) {
    for (const bucket of edges) {
      const page = pageOf(bucket, pages);
      expect(page).toBeGreaterThanOrEqual(pages);
      expect(page).toBeLessThan(2 * pages);
      const { low, high } = rangeOf(page);
      expect(bucket >= low && bucket <= high).toBe(true);
    }
    if (pages > 1_000) continue;
    const ranges = Array.from({ length: pages }, (_, i) => rangeOf(pages + i)).sort((a, b) => a.low - b.low);
    expect(ranges[0]?.low).toBe(-(2 ** 31));
    expect(ranges.at(-1)?.high).toBe(2 ** 31 - 1);
    ranges.slice(1).forEach(({ low }, i) => expect(low).toBe((ranges[i]?.high ?? 0) + 1));
  }
});

it(`keeps digests and index true to random histories of rows (seed ${seed})`, () => {
  const random = seededRandom(seed);
  const rows = new Rows();
  const index = new PageIndex(new IndexBudget(1_000_000));
  index.set(1, new Uint32Array());
  let digests = PageDigests.empty();
  for (let save = 0; save < 12; save += 1) {
    const draft = digests.draft();
    const changes = Array.from({ length: 150 }, () => rows.put(Math.floor(random() * 3_000)));
    for (const { removed, added } of changes) {
      draft.remove(removed, seals.elements(removed));
      draft.add(added, seals.elements(added));
    }
    // A row that changes twice in one save can't be: a batch has each key once. Here both versions pass.
    index.change(
      digests.pages,
      changes.map(({ removed }) => removed).filter((block) => !changes.some(({ added }) => added === block)),
      changes.map(({ added }) => added).filter((block) => !changes.some(({ removed }) => removed === block)),
    );
    const wanted = draft.pagesWanted;
    const moved = [...draft.splitFor(wanted)].map((page) => rows.ofPage(page, draft.pages));
    index.grow(draft.pages, wanted);
    draft.grow(wanted);
    for (const blocks of moved) draft.add(blocks, seals.elements(blocks));
    digests = draft;

    expect(digests.rows).toBe(rows.blocks.size);
    expect(digests.pages).toBeGreaterThanOrEqual(Math.floor(rows.blocks.size / 64));
    for (let page = digests.pages; page < 2 * digests.pages; page += 1) {
      const blocks = rows.ofPage(page, digests.pages);
      expect(digests.holds(page, seals.elements(blocks))).toBe(true);
      expect(digests.holds(page, seals.elements(blocks.subarray(16)))).toBe(blocks.length === 0);
      const pairs = (entries: Uint32Array): string[] =>
        Array.from(
          { length: entries.length / 2 },
          (_, i) => `${entries[2 * i]} ${entries[2 * i + 1]}`,
        ).sort();
      expect(pairs(index.get(page) ?? new Uint32Array())).toEqual(pairs(entriesOf(blocks)));
    }
  }
  expect(index.size).toBe(rows.blocks.size);
});

it('knows a page by its content: not with a row less, twice, in another version, or in another bucket', () => {
  const rows = new Rows();
  const digests = PageDigests.empty().draft();
  for (let key = 0; key < 50; key += 1) {
    const { added } = rows.put(key);
    digests.add(added, seals.elements(added));
  }
  const whole = rows.ofPage(1, 1);
  expect(digests.holds(1, seals.elements(whole))).toBe(true);
  const bent = Buffer.from(whole);
  bent.writeInt32BE(bent.readInt32BE(0) ^ 1, 0);
  rows.put(7);
  const others = [
    whole.subarray(16),
    Buffer.concat([whole, whole.subarray(0, 16)]),
    bent,
    rows.ofPage(1, 1),
    Buffer.alloc(0),
  ];
  for (const other of others) expect(digests.holds(1, seals.elements(other))).toBe(false);
});

it('remembers no more rows than it may', () => {
  const budget = new IndexBudget(1_000);
  const indexes = [new PageIndex(budget), new PageIndex(budget)];
  for (let page = 64; page < 128; page += 1) {
    for (const index of indexes) index.set(page, new Uint32Array(2 * 50));
  }
  const sizes = indexes.map(({ size }) => size);
  expect(Math.max(...sizes)).toBeGreaterThan(0);
  const rows = (sizes[0] ?? 0) + (sizes[1] ?? 0);
  expect(rows).toBeLessThanOrEqual(1_000);
  expect(budget.bytes).toBe(14 * rows);
  indexes[0]?.close();
  indexes[0]?.set(64, new Uint32Array(2 * 50));
  expect(indexes[0]?.size).toBe(0);
});

it('finds buckets and versions', () => {
  const mac = Buffer.from('0102030405060708090a0b0c', 'hex');
  const entries = entriesOf(Buffer.concat([blockOf(-5, mac), blockOf(9, mac.fill(7))]));
  expect([hasBucket(entries, -5), hasBucket(entries, 9), hasBucket(entries, 5)]).toEqual([true, true, false]);
  expect([hasVersion(entries, 9, mac), hasVersion(entries, -5, mac)]).toEqual([true, false]);
});
