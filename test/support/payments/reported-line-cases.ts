import type { Database } from '@fintech-ledger/postgres';
import type { RailLineKind } from '@fintech-ledger/payments/domain';
import type { HttpSpec } from '../http-spec';
import { PaymentsHttp } from './payments-http';
import type { Json } from './payments-http';
import { readyAccount } from './ready-account';

interface Line {
  readonly currency: string;
  readonly kind: RailLineKind;
  readonly settles_on: Date;
}
interface Report {
  readonly currency: string;
  readonly from: string;
  readonly to: string;
}

/** What makes lines of a report, each alone in a sandbox, so that nothing else has their days read. @returns the payment */
type Way = (sandbox: PaymentsHttp) => Promise<string>;
const atOnce = 'pm_card_bypassPending';
const advance = (sandbox: PaymentsHttp, to: string): Promise<Json> =>
  sandbox.post('/v1/clock/advance', { to });
const refunded: Way = async (sandbox) => {
  const payment = await sandbox.pay('pm_card_visa');
  await advance(sandbox, '2028-03-10T10:00:00Z');
  await sandbox.post('/v1/refunds', { payment, amount: '1000' });
  return payment;
};
const disputed: Way = async (sandbox) => {
  const payment = await sandbox.pay('pm_card_createDispute');
  await advance(sandbox, '2028-03-04T10:00:00Z');
  return payment;
};
const won: Way = async (sandbox) => {
  const payment = await disputed(sandbox);
  const [dispute] = await sandbox.list('/v1/disputes');
  await sandbox.post(`/v1/disputes/${String(dispute?.['id'])}/evidence`, {
    text: 'It was sent.',
    submit: true,
  });
  await advance(sandbox, '2028-03-10T10:00:00Z');
  await sandbox.post(`/v1/test_helpers/disputes/${String(dispute?.['id'])}/resolve`, { outcome: 'won' });
  return payment;
};
/** A kind that is new does not compile until there is something that makes it. */
const ways: Readonly<Record<RailLineKind, Readonly<Record<string, Way>>>> = {
  payment: {
    'settled later': (sandbox) => sandbox.pay('pm_card_visa'),
    'available at once': (sandbox) => sandbox.pay(atOnce),
    'captured later, and available at once': async (sandbox) => {
      const payment = await sandbox.pay(atOnce, { capture_method: 'manual' });
      await advance(sandbox, '2028-03-05T10:00:00Z');
      await sandbox.post(`/v1/payments/${payment}/capture`);
      return payment;
    },
    "available at once, a connected account's own": async (sandbox) =>
      sandbox.pay(atOnce, { connected_account: await readyAccount(sandbox) }),
    'available at once, and transferred': async (sandbox) =>
      sandbox.pay(atOnce, { transfer_data: { destination: await readyAccount(sandbox) } }),
    'available at once, and split': async (sandbox) => {
      const account = await readyAccount(sandbox);
      const parties = [
        { id: 'seller', role: 'seller', account, share_bps: 7000 },
        { id: 'rest', role: 'platform', account: 'platform', remainder: true },
      ];
      return sandbox.pay(atOnce, { splits: parties });
    },
  },
  refund: { 'days after its payment': refunded },
  dispute: { alone: disputed },
  dispute_fee: { alone: disputed },
  dispute_reversal: { 'days after the dispute': won },
};

/** Of each line that the simulator reports. @param live of a live environment */
export function reportedLineCases(live: () => HttpSpec, database: () => Database): void {
  const all = Object.entries(ways).flatMap(([kind, of]) =>
    Object.entries(of).map(([name, way]) => [kind, name, way] as const),
  );
  const linesOf = async (payment: string): Promise<readonly Line[]> => {
    const { rows } = await database().query<Line>(
      `select kind, currency, settles_on from rails.simulator_movements where environment =
         (select environment from rails.simulator_payments where payment = $1)`,
      [payment],
    );
    return rows;
  };

  it.each(all)('is read of a %s, %s', async (kind, name, way) => {
    const sandbox = await PaymentsHttp.sandbox(live(), name.slice(0, 30));
    await sandbox.put('/v1/clock', { time: '2028-03-01T10:00:00.000Z' });
    const payment = await way(sandbox);
    await advance(sandbox, '2028-03-20T10:00:00Z');
    const lines = await linesOf(payment);
    expect(lines.map((line) => line.kind)).toContain(kind);
    const { id: ledger } = await sandbox.get('/v1/payments_ledger');
    const path = `/v1/ledgers/${String(ledger)}/events?type=FeeReportAsked&limit=100`;
    const isRead = (reports: readonly Report[], { currency, settles_on: on }: Line): boolean =>
      reports.some(
        (one) => one.currency === currency && one.from <= on.toISOString() && on.toISOString() < one.to,
      );
    const reports = await sandbox.until(
      async () => (await sandbox.list(path)).map(({ data }) => (data as Json)['feeReport'] as Report),
      (read) => lines.every((line) => isRead(read, line)),
    );
    expect(lines.filter((line) => !isRead(reports, line))).toEqual([]);
  });
}
