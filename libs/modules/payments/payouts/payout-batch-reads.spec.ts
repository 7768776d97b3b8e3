import { randomBytes } from 'node:crypto';
import type { ApiRequest } from '@fintech-ledger/http';
import type { PayoutBatchFacts, PayoutFacts } from '@fintech-ledger/payments/domain';
import { PersonalValues, sealValue } from '@fintech-ledger/privacy';
import { PayoutBatchReads } from './payout-batch-reads';

const own = {
  accountHolder: 'Example Shop Ltd',
  bic: null,
  currency: null,
  iban: 'DE89370400440532013000',
  id: 'ba_1',
};
const batch: PayoutBatchFacts = {
  ...{ amount: '300', count: 2, currency: 'EUR', id: 'pob_20260201EUR', livemode: true },
  ...{ createdAt: '2026-02-01T00:00:00.000Z', sendsAt: '2026-02-01T00:00:00.000Z' },
  creditors: [own],
  debtor: own,
};
const subject = { id: 'sub_1', key: randomBytes(32) };
const destination = {
  accountHolder: sealValue(subject, 'connected_account.account_holder', 'Zoë Søn'),
  iban: sealValue(subject, 'connected_account.iban', 'NO9386011117947'),
};
const payout = (id: string, amount: string, more: Partial<PayoutFacts> = {}): PayoutFacts => ({
  ...{ amount, bankAccount: 'ba_1', call: null, canceledAt: null, createdAt: '2026-01-31T12:00:00.000Z' },
  ...{ currency: 'EUR', description: null, failureCode: null, failureMessage: null, id, livemode: true },
  ...{ metadata: {}, rail: 'bank_transfer', railReference: id, sendsAt: batch.sendsAt, status: 'in_transit' },
  ...more,
});
const payouts = [payout('po_1', '100'), payout('po_2', '200', { bankAccount: 'ba_9', destination })];
const request = { id: 'req_1', principal: { organizationId: 'org_1' }, query: {} } as unknown as ApiRequest;

/** With the key of the one who is paid, or without. */
function reads(
  key: 'there' | 'erased' | 'lost',
  facts: PayoutBatchFacts = batch,
  all = payouts,
): PayoutBatchReads {
  const one = { facts, revision: 9 };
  const page = all.map((facts) => ({ facts, revision: 9 }));
  const queries = {
    object: () => Promise.resolve({ result: one, revision: 9 }),
    payouts: () =>
      Promise.resolve({ result: { data: page, has_more: false, next_cursor: null }, revision: 9 }),
  };
  const reader = {
    read: async (_request: unknown, read: (ledgerId: string) => Promise<object>) => ({
      ledgerId: 'led_1',
      ...(await read('led_1')),
    }),
  };
  const selected = key === 'lost' ? [] : [{ ...subject, ...(key === 'erased' && { key: null }) }];
  const keys = { select: () => Promise.resolve(new Map(selected.map((one) => [one.id, one]))) };
  return new PayoutBatchReads(
    queries as never,
    reader as never,
    {} as never,
    new PersonalValues(keys as never),
  );
}

describe('the file of a batch', () => {
  it('has the bank accounts of connected accounts opened', async () => {
    const { result } = await reads('there').file(request, batch.id);
    let xml = '';
    for await (const piece of result.pieces) xml += piece;
    expect(xml).toContain('<Nm>Zoe Son</Nm></Cdtr><CdtrAcct><Id><IBAN>NO9386011117947</IBAN>');
    expect(xml).not.toContain('sealed:1:x');
  });

  it('has the account of the environment that a payout says, where its batch knows none any more', async () => {
    const payee = { accountHolder: 'Example Treasury', bic: null, iban: 'DE02120300000000202051' };
    const one = [payout('po_1', '300', { payee })];
    const xmlOf = async (creditors: PayoutBatchFacts['creditors']): Promise<string> => {
      const made = { ...batch, count: 1, creditors };
      const { result } = await reads('there', made, one).file(request, batch.id);
      let xml = '';
      for await (const piece of result.pieces) xml += piece;
      return xml;
    };
    const paidTo = '<Nm>Example Treasury</Nm></Cdtr><CdtrAcct><Id><IBAN>DE02120300000000202051</IBAN>';
    expect(await xmlOf([])).toContain(paidTo);
    // As it was when the batch was made, where that is known.
    expect(await xmlOf([{ ...own, accountHolder: 'Example Shop Berlin' }])).toContain(
      '<Nm>Example Shop Berlin</Nm></Cdtr>',
    );
  });

  it('is refused once somebody to whom it pays is erased, before its first byte', async () => {
    await expect(reads('erased').file(request, batch.id)).rejects.toMatchObject({
      refusal: { code: 'payout_file_erased', detail: expect.stringContaining('po_2') as string },
    });
  });

  it('is unavailable while the key of somebody to whom it pays is lost', async () => {
    await expect(reads('lost').file(request, batch.id)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
