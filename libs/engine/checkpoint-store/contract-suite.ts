import { CheckpointCorrupt } from '@fintech-ledger/journal';
import type { CheckpointBatch, CheckpointStore } from '@fintech-ledger/journal';

const stream = 'journal-led_1';

const batch = (revision: number, more: Partial<CheckpointBatch> = {}): CheckpointBatch => ({
  head: { revision, chainHash: `hash-${revision}` },
  basis: null,
  records: [],
  keys: [],
  ...more,
});

const account = (key: string, debits: bigint, credits: bigint) => ({
  key,
  text: `{"debits":"${debits}","credits":"${credits}"}`,
  currency: 'USD',
  debits,
  credits,
});

const keyAt = (revision: number) => ({
  requestHash: `h${revision}`,
  firstRevision: revision,
  lastRevision: revision,
});

/** What every checkpoint store promises to the journal writer. */
export function describeCheckpointStore(name: string, make: () => Promise<CheckpointStore>): void {
  describe(`the ${name} checkpoint store`, () => {
    let store: CheckpointStore;
    beforeEach(async () => {
      store = await make();
      await store.drop(stream);
    });

    it('has no head, no records and no keys before the first save', async () => {
      expect(await store.loadHead(stream)).toBeNull();
      expect(await store.loadRecords(stream, ['a:x'])).toEqual({ headRevision: null, found: new Map() });
      expect(await store.loadKeys(stream, ['k'])).toEqual({ headRevision: null, found: new Map() });
      expect(await store.loadDue(stream, 10)).toEqual([]);
    });

    it('gives back what was saved last, with the head that it stands for', async () => {
      const key = { requestHash: 'h', firstRevision: 1, lastRevision: 2 };
      await store.save(
        stream,
        batch(2, { records: [account('a:x', 5n, 0n), account('a:y', 0n, 5n)], keys: [['k', key]] }),
      );
      const odd = { key: 'r:"o\'dd\n\t\\ {}', text: '{"kind":"reference"}' };
      expect(await store.save(stream, batch(7, { records: [account('a:x', 9n, 4n), odd] }))).toBe('saved');
      expect(await store.loadHead(stream)).toMatchObject({ revision: 7, chainHash: 'hash-7' });
      const { headRevision, found } = await store.loadRecords(stream, ['a:x', 'a:y', 'a:z', odd.key]);
      expect(headRevision).toBe(7);
      expect(found).toEqual(
        new Map([
          ['a:x', '{"debits":"9","credits":"4"}'],
          ['a:y', '{"debits":"0","credits":"5"}'],
          [odd.key, odd.text],
        ]),
      );
      expect(await store.loadKeys(stream, ['k', 'l'])).toEqual({
        headRevision: 7,
        found: new Map([['k', key]]),
      });
    });

    it('is not begun again with the changes since a checkpoint that is gone, which are not all', async () => {
      expect(await store.save(stream, batch(5))).toBe('saved');
      expect(await store.save(stream, batch(9, { basis: 5 }))).toBe('saved');
      await store.drop(stream);
      const late = batch(12, { basis: 9, records: [account('a:x', 5n, 0n)] });
      expect(await store.save(stream, late)).toBe('gone');
      expect(await store.loadHead(stream)).toBeNull();
      expect(await store.save(stream, batch(7))).toBe('saved');
      expect(await store.save(stream, late)).toBe('gone');
      expect(await store.save(stream, batch(10, { basis: 7 }))).toBe('saved');
      expect(await store.save(stream, batch(12, { basis: 9 }))).toBe('saved');
    });

    it('never goes back to an earlier revision', async () => {
      await store.save(stream, batch(7, { records: [account('a:x', 0n, 0n)] }));
      expect(await store.save(stream, batch(6, { records: [account('a:x', 1n, 1n)] }))).toBe('ahead');
      expect((await store.loadRecords(stream, ['a:x'])).found.get('a:x')).toBe(
        '{"debits":"0","credits":"0"}',
      );
    });

    it('lists what is due first, and no longer what has been dealt with', async () => {
      const due = (key: string, dueAt?: string) => ({
        key,
        text: '{}',
        ...(dueAt === undefined ? {} : { dueAt }),
      });
      const records = [
        due('t:b', '2026-01-02T00:00:00.000Z'),
        due('t:a', '2026-01-01T00:00:00.000Z'),
        due('t:c'),
      ];
      await store.save(stream, batch(1, { records }));
      expect(await store.loadDue(stream, 10)).toEqual([
        { key: 't:a', dueAt: '2026-01-01T00:00:00.000Z' },
        { key: 't:b', dueAt: '2026-01-02T00:00:00.000Z' },
      ]);
      await store.save(stream, batch(2, { records: [due('t:a')] }));
      expect(await store.loadDue(stream, 1)).toEqual([{ key: 't:b', dueAt: '2026-01-02T00:00:00.000Z' }]);
    });

    it('says what folded all of its records, however many saves those were', async () => {
      await store.save(stream, batch(1, { records: [account('a:x', 1n, 1n)], folds: ['b:2', 'a:1'] }));
      expect((await store.loadHead(stream))?.folds).toEqual(['a:1', 'b:2']);
      await store.save(
        stream,
        batch(2, { records: [account('a:y', 1n, 1n)], folds: ['c:1', 'b:2'], basis: 1 }),
      );
      expect((await store.loadHead(stream))?.folds).toEqual(['a:1', 'b:2', 'c:1']);
      await store.save(stream, batch(3, { basis: 2 }));
      expect((await store.loadHead(stream))?.folds).toEqual(['a:1', 'b:2', 'c:1']);
      await store.save('journal-led_2', batch(3, { records: [account('a:x', 1n, 1n)] }));
      expect((await store.loadHead('journal-led_2'))?.folds).toEqual([]);
      await store.drop('journal-led_2');
    });

    it('keeps streams apart and forgets a dropped one', async () => {
      await store.save(stream, batch(1, { records: [account('a:x', 0n, 0n)] }));
      await store.save('journal-led_2', batch(3, { records: [account('a:x', 2n, 2n)] }));
      await store.drop(stream);
      expect(await store.loadHead(stream)).toBeNull();
      expect((await store.loadRecords('journal-led_2', ['a:x'])).found.size).toBe(1);
      await store.drop('journal-led_2');
    });

    it('keeps what is not trusted any more beside the next one, until that has replaced it', async () => {
      await store.save(stream, batch(9, { records: [account('a:x', 9n, 9n)] }));
      const first = await store.loadHead(stream);
      await store.distrust(stream, first?.checkpoint);
      expect(await store.loadHead(stream)).toBeNull();
      expect(await store.loadRecords(stream, ['a:x'])).toEqual({ headRevision: null, found: new Map() });
      expect(await store.loadDue(stream, 10)).toEqual([]);
      expect(await store.save(stream, batch(12, { basis: 9 }))).toBe('gone');

      // Begun again, and not as far yet.
      const half = batch(4, { records: [account('a:x', 4n, 4n)], keys: [['k', keyAt(3)]] });
      expect(await store.save(stream, half)).toBe('saved');
      expect(await store.loadHead(stream)).toMatchObject({ revision: 4 });
      expect((await store.loadRecords(stream, ['a:x'])).found.get('a:x')).toContain('"4"');
      // Said of the one that was distrusted before: the new one stays.
      await store.distrust(stream, first?.checkpoint);
      expect(await store.loadHead(stream)).toMatchObject({ revision: 4 });
      await store.sweep(stream);
      expect(await store.save(stream, batch(9, { basis: 4 }))).toBe('saved');
      expect(await store.loadKeys(stream, ['k'])).toEqual({
        headRevision: 9,
        found: new Map([['k', keyAt(3)]]),
      });
    });

    it('knows of thousands of keys which are there, and of others that they are not', async () => {
      const name = (i: number): string => `key-${i}`;
      for (let part = 0; part < 5; part += 1) {
        const keys = Array.from({ length: 700 }, (_, i) => part * 700 + i);
        const records = keys.map((i) => account(`a:${i}`, BigInt(i), BigInt(i)));
        const saved = batch(part, { records, keys: keys.map((i) => [name(i), keyAt(i)]) });
        expect(await store.save(stream, saved)).toBe('saved');
        const asked = Array.from({ length: 40 }, (_, i) => i * 100);
        const { found } = await store.loadKeys(stream, asked.map(name));
        const there = asked.filter((i) => i < (part + 1) * 700);
        expect(found).toEqual(new Map(there.map((i) => [name(i), keyAt(i)])));
        const rows = await store.loadRecords(
          stream,
          asked.map((i) => `a:${i}`),
        );
        expect([...rows.found.keys()].sort()).toEqual(there.map((i) => `a:${i}`).sort());
      }
    });

    it('keeps the first record of an idempotency key that is saved again', async () => {
      await store.save(stream, batch(1, { keys: [['k', keyAt(1)]] }));
      await store.save(
        stream,
        batch(2, {
          keys: [
            ['k', keyAt(1)],
            ['l', keyAt(2)],
          ],
        }),
      );
      const { found } = await store.loadKeys(stream, ['k', 'l', 'm']);
      expect(found).toEqual(
        new Map([
          ['k', keyAt(1)],
          ['l', keyAt(2)],
        ]),
      );
    });

    it('saves more rows than fit in one statement', async () => {
      const records = Array.from({ length: 1_234 }, (_, i) =>
        account(`a:${i}`, BigInt(i), BigInt(1_233 - i)),
      );
      await store.save(stream, batch(1, { records }));
      expect(await store.loadHead(stream)).toMatchObject({ revision: 1, chainHash: 'hash-1' });
      expect((await store.loadRecords(stream, ['a:1233'])).found.size).toBe(1);
    });

    it('does not save books that do not balance', async () => {
      const records = [account('a:x', 5n, 0n), account('a:y', 0n, 4n)];
      await expect(store.save(stream, batch(1, { records }))).rejects.toThrow('USD is off by 1');
      expect(await store.loadHead(stream)).toBeNull();
    });

    it('does not save a change that does not balance, whatever was there before', async () => {
      await store.save(stream, batch(1, { records: [account('a:x', 5n, 0n), account('a:y', 0n, 5n)] }));
      const records = [account('a:x', 7n, 0n), account('a:z', 0n, 1n)];
      await expect(store.save(stream, batch(2, { basis: 1, records }))).rejects.toThrow(CheckpointCorrupt);
      expect(await store.loadHead(stream)).toMatchObject({ revision: 1 });
      const right = [account('a:x', 7n, 0n), account('a:z', 0n, 2n)];
      expect(await store.save(stream, batch(2, { basis: 1, records: right }))).toBe('saved');
    });
  });
}
