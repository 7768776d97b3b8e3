import { EventList, schemaText } from '@fintech-ledger/contract';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { withAllDetails, withDetail } from './detail-versions';
import { ledgerEvents } from './events';
import type { DetailName } from './transaction';

// A detail that no transaction has.
const memo = 'memo' as DetailName;
const posted = ledgerEvents.of('TransactionPosted');
const reversed = ledgerEvents.of('TransactionReversed');
const entry = {
  account: 'cash',
  accountType: 'asset',
  after: { pendingCredits: '0', pendingDebits: '0', postedCredits: '0', postedDebits: '5', version: 2 },
  amount: '5',
  currency: 'USD',
  direction: 'debit',
  effect: 'post',
};
const transaction = {
  description: null,
  effectiveAt: '2026-01-01T00:00:00.000Z',
  expiresAt: null,
  id: 'txn_1',
  metadata: {},
  recordedAt: '2026-01-01T00:00:00.000Z',
  reference: null,
  reverses: null,
  status: 'posted',
};
const data = { entries: [entry, { ...entry, direction: 'credit' }], transaction };
const withMemo = { ...data, transaction: { ...transaction, memo: 'of the first floor' } };

describe('a detail that is added to transactions', () => {
  const detailed = withDetail(posted, memo);
  const newest = detailed.versions[detailed.version - 1];
  if (newest === undefined) throw new Error('it has no version');
  const ajv = addFormats(new Ajv2020({ allowUnionTypes: true }));
  const isNewest = ajv.compile(JSON.parse(schemaText({ name: 'TransactionPosted', ...newest })) as object);

  it('is a version more, in which it may be there', () => {
    expect(detailed.version).toBe(posted.version + 1);
    expect([isNewest(data), isNewest(withMemo)]).toEqual([true, true]);
    expect(isNewest({ ...data, transaction: { ...transaction, note: '' } })).toBe(false);
  });

  it('leaves the versions of before as they are, and what was recorded with them', () => {
    const before = posted.versions.map(({ schema }) => schema);
    expect(detailed.versions.slice(0, -1).map(({ schema }) => schema)).toEqual(before);
    const events = new EventList({ prefix: 'journal-' }, [detailed]);
    expect(events.read('TransactionPosted', posted.version, data)).toEqual({
      type: 'TransactionPosted',
      data,
    });
    expect(events.touches({ type: 'TransactionPosted', data: withMemo } as never)).toEqual([
      'a:cash',
      'a:cash',
    ]);
  });

  it('is there for each transaction that an event has', () => {
    const { versions, version } = withDetail(reversed, memo);
    const fields = versions[version - 1]?.schema.json['properties'];
    expect(fields).toMatchObject({ transaction: { properties: { memo: { type: ['string', 'null'] } } } });
  });
});

it('refuses a list with a type whose transactions lack a detail', () => {
  const lacking = {
    ...posted,
    versions: posted.versions.map((version) => ({
      ...version,
      schema: without('description', version.schema),
    })),
  };
  expect(() => withAllDetails([reversed, lacking])).toThrow(
    'TransactionPosted has no version whose transactions have the detail description',
  );
});

function without<S extends { readonly json: Readonly<Record<string, unknown>> }>(name: string, schema: S): S {
  const text = JSON.stringify(schema, (key, value: unknown) => (key === name ? undefined : value));
  return JSON.parse(text) as S;
}
