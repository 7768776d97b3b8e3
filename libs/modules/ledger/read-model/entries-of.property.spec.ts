import { canonicalJson } from '@fintech-ledger/envelope';
import { randomJournal } from '@fintech-ledger/testing';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { seedOf } from '../../../testing/seed';
import { entriesOf } from './entries-of';

const name = 'TransactionPosted';
const folder = `${__dirname}/../../../../schemas/ledger/events/${name}`;
interface Data {
  readonly entries: readonly object[];
}
const first = canonicalJson(JSON.parse(readFileSync(`${folder}/v1.example.json`, 'utf8')));
const parsed = (text: string): Data => JSON.parse(text) as Data;

describe('the entries of a random transaction without parsing it', () => {
  it('are found in every transaction that the ledger records', () => {
    const { recorded } = randomJournal({
      ledgerId: 'led_1',
      seed: seedOf('ENTRIES_SEED'),
      commands: 300,
      startMs: 0,
    });
    const posted = recorded.filter(({ type }) => type === name);
    expect(posted.length).toBeGreaterThan(20);
    for (const { data } of posted) expect(entriesOf(name, data)).toEqual({ entries: parsed(data).entries });
  });

  it('are those of any texts, amounts and details', () => {
    const text = fc.string({ unit: 'binary' });
    const digits = fc.bigInt({ min: 1n, max: 10n ** 60n }).map(String);
    const entry = fc.record({ account: text, amount: digits, currency: text, total: digits }).map((each) => ({
      account: each.account,
      accountType: 'asset',
      after: {
        pendingCredits: '0',
        pendingDebits: each.total,
        postedCredits: '0',
        postedDebits: '7',
        version: 3,
      },
      amount: each.amount,
      currency: each.currency,
      direction: 'debit',
      effect: 'post',
    }));
    const transaction = fc.record({
      description: fc.option(text),
      metadata: fc.dictionary(text, text),
      reference: fc.option(text),
    });
    const event = fc.record({ entries: fc.array(entry, { minLength: 1, maxLength: 5 }), transaction });
    fc.assert(
      fc.property(event, (data) => {
        const json = canonicalJson(data);
        const found = entriesOf(name, json);
        // Addresses and currencies that JSON escapes are left to the parser.
        const isPlain = data.entries.every(({ account, currency }) =>
          [account, currency].every((each) => JSON.stringify(each) === `"${each}"`),
        );
        expect(found).toEqual(isPlain ? { entries: parsed(json).entries } : undefined);
      }),
    );
  });

  it('are never those of a text that is no JSON, or says something else', () => {
    const change = fc.tuple(
      fc.nat({ max: first.length }),
      fc.nat({ max: 3 }),
      fc.constantFrom(
        '',
        '"',
        '\\',
        '{',
        '}',
        ']',
        ',',
        ':',
        '0',
        '-',
        'x',
        '\n',
        '\u0000',
        ',"a":[1]',
        '"b":{}',
      ),
    );
    fc.assert(
      fc.property(change, ([at, length, more]) => {
        const text = first.slice(0, at) + more + first.slice(at + length);
        const found = entriesOf(name, text);
        if (found === undefined) return;
        expect(found.entries).toEqual(parsed(text).entries);
        expect(typeof (parsed(text) as { transaction?: unknown }).transaction).toBe('object');
      }),
      { numRuns: 5_000 },
    );
  });
});
