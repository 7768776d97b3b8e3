import type { IntendedEffect } from '@fintech-ledger/journal';
import { feesWithin } from '@fintech-ledger/payments/domain';
import type { Rail, ReportOf, SettlementLine, SettlementReport } from '../rails/rail';
import type { StoredRailItem } from '../read-model/queries';
import { differingFees } from './fee-reports';
import type { BooksOf } from './rail-books';
import { railCalls } from './rail-calls';

const [from, to] = ['2026-01-06T00:00:00.000Z', '2026-01-07T00:00:00.000Z'] as const;
const effect = {
  ...{ attempt: 1, key: 'frp_1:2', kind: 'read_fee_report', module: 'payments' },
  ...{ organizationId: 'sbx_1', stream: 'journal-led_1' },
  data: { at: to, currency: 'USD', cursor: 'p2', from, rail: 'test', report: 'frp_1', to },
};
const line = (kind: SettlementLine['kind'], railReference: string, gross: bigint, fee: bigint) => ({
  ...{ kind, key: 'k', railReference, grossMinor: gross, feeMinor: fee, netMinor: gross - fee },
});
const item = (kind: string, reference: string, gross: string, fee: string, currency = 'USD') => ({
  ...{ adjusted: '0', adjustments: [], currency, fee, gross, kind, object: `of_${reference}`, reference },
  since: from,
});

/** What is recorded of a page, when the rail and the books have this. */
async function recorded(
  page: SettlementReport | Error,
  booked: readonly StoredRailItem[] | Error = [],
  heard: (BooksOf | ReportOf)[] = [],
  appendBytesMax = 16 * 1024 * 1024,
): Promise<unknown> {
  const answered = <T>(answer: T | Error, asked: BooksOf | ReportOf): Promise<T> => {
    heard.push(asked);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const rail = { settlementReport: (of: ReportOf) => answered(page, of) } as unknown as Rail;
  const { run } = railCalls({
    books: { items: (of) => answered(booked, of) },
    log: { warn: () => undefined },
    reportLinesMax: feesWithin(appendBytesMax),
    rails: new Map([['test', rail]]),
    values: { openWhole: (_organization, value) => Promise.resolve(value) },
  });
  return run(effect as unknown as IntendedEffect, new AbortController().signal);
}

describe('a page of what a rail reports', () => {
  const lines = [line('payment', 'ch_1', 10_000n, 350n), line('payment', 'ch_2', 10_000n, 320n)];

  it('is recorded with the fees that are not as they are booked, and where the next one begins', async () => {
    const heard: (BooksOf | ReportOf)[] = [];
    const booked = [item('payment', 'ch_1', '10000', '320'), item('payment', 'ch_2', '10000', '320')];
    expect(await recorded({ cursor: 'p3', lines, netMinor: 0n }, booked, heard)).toEqual({
      ...{ type: 'RecordFeeReport', call: 'frp_1:2', currency: 'USD', cursor: 'p3', lines: 2, rail: 'test' },
      fees: [{ fee: '350', kind: 'payment', object: 'of_ch_1', railReference: 'ch_1' }],
    });
    expect(heard).toEqual([
      { at: to, currency: 'USD', cursor: 'p2', environment: 'sbx_1', from, limit: 250, to },
      { rail: 'test', references: ['ch_1', 'ch_2'], report: 'frp_1', stream: 'journal-led_1' },
    ]);
  });

  it.each([
    [1_024 * 1_024, 250],
    [64 * 1024, 15],
    [1, 1],
  ])('has no more lines than fees that an append of %i bytes takes: %i', async (appendBytesMax, limit) => {
    const heard: (BooksOf | ReportOf)[] = [];
    await recorded({ cursor: null, lines, netMinor: 0n }, [], heard, appendBytesMax);
    expect(heard[0]).toMatchObject({ limit });
  });

  it('is asked for again where the rail or the books say nothing, or it does not go on', async () => {
    await expect(recorded(new Error('silent'))).rejects.toThrow('silent');
    await expect(recorded({ cursor: null, lines, netMinor: 0n }, new Error('behind'))).rejects.toThrow(
      'behind',
    );
    await expect(recorded({ cursor: 'p2', lines, netMinor: 0n })).rejects.toThrow('does not go on');
  });

  it('is of one currency: what is booked in another one is for a person', async () => {
    const booked = [item('payment', 'ch_1', '10000', '320', 'EUR')];
    expect(await recorded({ cursor: null, lines, netMinor: 0n }, booked)).toMatchObject({ fees: [] });
  });
});

describe('a fee differs', () => {
  const fees = (lines: readonly SettlementLine[], booked: readonly StoredRailItem[]) =>
    differingFees(lines, booked).map(({ fee, kind, object }) => [kind, object, fee]);

  it('where both sides have the line, and the same amount of it', () => {
    const refund = [line('refund', 're_1', -1_000n, 7n)];
    expect(fees(refund, [item('refund', 're_1', '-1000', '0')])).toEqual([['refund', 'of_re_1', '7']]);
    expect(fees(refund, [item('refund', 're_1', '-1000', '7')])).toEqual([]);
    expect(fees(refund, [item('refund', 're_1', '-999', '0')])).toEqual([]);
    expect(fees(refund, [item('payment', 're_1', '-1000', '0')])).toEqual([]);
    expect(fees(refund, [])).toEqual([]);
  });

  it('of a dispute as what it comes to, whether the rail says it as an amount or as a fee', () => {
    const booked = [item('dispute_fee', 'dp_1', '-1500', '0'), item('dispute', 'dp_1', '-9000', '0')];
    const said = (gross: bigint, fee: bigint) => [
      line('dispute_fee', 'dp_1', gross, fee),
      line('dispute', 'dp_1', -9_000n, 0n),
    ];
    expect(fees(said(-2_000n, 0n), booked)).toEqual([['dispute_fee', 'of_dp_1', '2000']]);
    expect(fees(said(0n, 2_000n), booked)).toEqual([['dispute_fee', 'of_dp_1', '2000']]);
    expect(fees(said(0n, 1_500n), booked)).toEqual([]);
  });

  it('of nothing that either side has twice', () => {
    const [said, booked] = [line('payment', 'ch_1', 100n, 5n), item('payment', 'ch_1', '100', '3')];
    expect(fees([said, said], [booked])).toEqual([]);
    expect(fees([said], [booked, booked])).toEqual([]);
    expect(fees([said], [booked])).toHaveLength(1);
  });
});
