import type { ApiRequest } from '@fintech-ledger/http';
import type { PaymentQueries, SimulatorControls } from '@fintech-ledger/payments';
import type { PaymentsReader } from '@fintech-ledger/payments/nest';
import type { BankQueries } from '../read-model/queries';
import { ReconciliationReads } from './reconciliation-reads';

const now = '2026-02-01T00:00:00.000Z';
const window = { from: '2026-01-01T00:00:00.000Z', to: now };
const request = { id: 'req_1', principal: { organizationId: 'org_1' } } as unknown as ApiRequest;
type Settlements = Awaited<ReturnType<SimulatorControls['settlements']>>;

/** A simulator that reports so many payments, of which the books have none. */
function readsOf(count: number, most: number): ReconciliationReads {
  const at = <T>(result: T) => Promise.resolve({ revision: 7, result });
  const lines: Settlements = Array.from({ length: count }, (_, n) => ({
    ...{
      currency: 'EUR',
      feeMinor: 1n,
      grossMinor: 10n,
      kind: 'payment',
      railReference: `r_${n}`,
      since: now,
    },
  }));
  const settlements = () => Promise.resolve(lines);
  const payments = { railItems: () => at([]), unconfirmed: () => at([]) } as unknown as PaymentQueries;
  const bank = { bookedStatements: () => at([]), openLines: () => at([]) } as unknown as BankQueries;
  const reader = {
    read: async (_request: ApiRequest, read: (ledger: string) => Promise<object>) => ({
      ledgerId: 'led_1',
      ...(await read('led_1')),
    }),
  } as unknown as PaymentsReader;
  const readers = { payments: reader, bank: reader };
  return new ReconciliationReads(
    payments,
    bank,
    { settlements },
    { timeOf: () => Promise.resolve(now) },
    readers,
    most,
  );
}

describe('lines that are held against the books', () => {
  it('are refused where there are more lines than are compared at once', async () => {
    await expect(readsOf(4, 3).read(request, window, now)).rejects.toMatchObject({
      code: 'reconciliation_too_large',
    });
    expect((await readsOf(3, 3).read(request, window, now)).result.data).toMatchObject([
      { differences_total: 3, difference: '27' },
    ]);
  });

  it('are counted all, and shown as far as a page goes', async () => {
    const [entry] = (await readsOf(250, 1_000).read(request, window, now)).result.data;
    expect([entry?.differences_total, entry?.differences.length]).toEqual([250, 100]);
  });
});
