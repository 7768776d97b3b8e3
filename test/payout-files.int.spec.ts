import { statementCamt053, statementShape } from '@fintech-ledger/audit';
import type { PayoutBatchFacts, PayoutFacts } from '@fintech-ledger/payments/domain';
import { latin, messageIdOf, pain001 } from '@fintech-ledger/payments';
import { decimal } from '@fintech-ledger/payments/domain';
import { heldAgainst } from './support/iso20022-schemas';

jest.setTimeout(120_000);

const ours = {
  accountHolder: 'Example Shop Ltd',
  bic: 'COBADEFFXXX',
  currency: null,
  iban: 'DE89370400440532013000',
  id: 'ba_1',
};
const theirs = {
  ...ours,
  accountHolder: 'Zoë & Søn <GmbH> 株式会社',
  bic: null,
  iban: 'NO9386011117947',
  id: 'ba_2',
};
const batch: PayoutBatchFacts = {
  ...{ amount: '1234567', count: 2, currency: 'EUR', id: 'pob_20260201EUR', livemode: false },
  ...{ createdAt: '2026-02-01T00:00:00.000Z', sendsAt: '2026-02-01T00:00:00.000Z' },
  creditors: [ours, theirs],
  debtor: ours,
};
const payout = (id: string, amount: string, bankAccount: string): PayoutFacts => ({
  ...{ amount, bankAccount, call: null, canceledAt: null, createdAt: '2026-01-31T12:00:00.000Z' },
  ...{ currency: 'EUR', description: null, failureCode: null, failureMessage: null, id, livemode: false },
  ...{ metadata: {}, rail: 'bank_transfer', railReference: id, sendsAt: batch.sendsAt, status: 'in_transit' },
});
const payouts = [
  payout('po_01KE3ZZZZZ000000010000000A', '1234566', 'ba_2'),
  payout('po_01KE3ZZZZZ000000020000000A', '1', 'ba_1'),
];

async function fileOf(
  of: Partial<PayoutBatchFacts> = {},
  all: readonly PayoutFacts[] = payouts,
  pageSize = all.length,
): Promise<string> {
  async function* pages(): AsyncGenerator<readonly PayoutFacts[]> {
    for (let at = 0; at < all.length; at += pageSize)
      yield await Promise.resolve(all.slice(at, at + pageSize));
  }
  const made = { ...batch, ...of };
  let xml = '';
  for await (const piece of pain001(made, messageIdOf('led_1', made), pages())) xml += piece;
  return xml;
}

describe('a file of payouts', () => {
  it.each<[string, Partial<PayoutBatchFacts>]>([
    ['euros', {}],
    ['a live environment', { livemode: true }],
    ['a currency without decimals', { currency: 'JPY', id: 'pob_20260201JPY' }],
    ['a currency of three decimals', { currency: 'KWD', id: 'pob_20260201KWD' }],
    ['a currency of four decimals', { currency: 'CLF', id: 'pob_20260201CLF' }],
    ['an account whose bank is not known', { debtor: { ...ours, bic: null } }],
    ['a sum that is too large for a control sum', { amount: '9'.repeat(24) }],
    ['a name without letters that banks take', { debtor: { ...ours, accountHolder: '株式会社' } }],
    ['a long name', { debtor: { ...ours, accountHolder: 'Ä'.repeat(300) } }],
  ])('is valid against the published schema: %s', async (_what, of) => {
    const all = payouts.map((each) => ({ ...each, currency: of.currency ?? 'EUR' }));
    expect(heldAgainst('pain.001.001.09', await fileOf(of, all))).toBe('valid');
  });

  it('is valid with the largest amount', async () => {
    const all = payouts.map((each) => ({ ...each, amount: '9'.repeat(18) }));
    expect(heldAgainst('pain.001.001.09', await fileOf({}, all))).toBe('valid');
  });

  it('would not be, if it lacked something or had it in another order', async () => {
    const xml = await fileOf();
    for (const broken of [
      xml.replace(/<ReqdExctnDt>.*?<\/ReqdExctnDt>/, ''),
      xml.replace('>12345.66<', '>12345.6678901<'),
      xml.replace('DE89370400440532013000', 'DE89 3704'),
      xml.replace(/(<PmtMtd>.*?<\/PmtMtd>)(<BtchBookg>.*?<\/BtchBookg>)/, '$2$1'),
    ])
      expect(() => heldAgainst('pain.001.001.09', broken)).toThrow();
  });

  it('has the same bytes however it is read, and one message id for its batch and ledger', async () => {
    const xml = await fileOf();
    expect(await fileOf({}, payouts, 1)).toBe(xml);
    expect(xml.match(/<EndToEndId>(.*?)<\/EndToEndId>/g)).toHaveLength(2);
    const id = messageIdOf('led_1', batch);
    expect([id, id.length <= 35]).toEqual([
      expect.stringMatching(/^TEST-pob_20260201EUR-[0-9a-f]{12}$/),
      true,
    ]);
    expect(messageIdOf('led_2', batch)).not.toBe(id);
    expect(messageIdOf('led_1', { ...batch, livemode: true })).toMatch(/^pob_20260201EUR-/);
  });

  it('ends without its end when a payout of the batch is not found', async () => {
    await expect(fileOf({ count: 3 })).rejects.toThrow('has 3 payouts, and 2 are found');
  });

  it('writes names in letters that banks take, and amounts with their decimals', () => {
    expect(latin(theirs.accountHolder)).toBe('Zoe + Son .GmbH. ....');
    expect(latin('Straße\n des  17. Juni')).toBe('Strasse des 17. Juni');
    const amounts = [
      decimal('1', 'EUR'),
      decimal('12345', 'JPY'),
      decimal('100', 'KWD'),
      decimal('10', 'EUR'),
    ];
    expect(amounts).toEqual(['0.01', '12345', '0.100', '0.10']);
  });
});

it('an account statement of ours is valid against the published schema too', () => {
  const xml = statementCamt053(statementShape.example, '2026-02-01T00:00:00.000Z');
  expect(heldAgainst('camt.053.001.08', xml)).toBe('valid');
  expect(() => heldAgainst('camt.053.001.08', xml.replace(/<Sts>.*?<\/Sts>/, ''))).toThrow();
});
