import { open, post, transfer } from '../../../testing/ledger/command-builders';
import { TransfersJournal } from '../../../testing/ledger-transfers/transfers-journal';
import { metadataOf } from '../../../testing/metadata-of';
import { transitTerms } from '@fintech-ledger/ledger/domain';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import type { LedgerTransferCommand, ReceiveLedgerTransfer } from './commands';
import { deliveriesOf } from './delivery';
import type { LedgerTransferEvent } from './events';
import { transitAccount } from './transit';

type Command = LedgerCommand | LedgerTransferCommand;

const ask = {
  type: 'CreateLedgerTransfer',
  from: { ledger: 'led_1', account: 'cash' },
  to: { ledger: 'led_2', account: 'cash' },
  managedBy: { from: null, to: null },
  ...{ amount: '30', currency: 'USD', description: null, livemode: false, metadata: {} },
} as const satisfies LedgerTransferCommand;
const funded = [open('cash', 'asset', { minBalance: '0' }), open('owed', 'liability'), open('own', 'equity')];
const history: readonly Command[] = [...funded, post(transfer('cash', 'own', '100'))];
const assets = transitAccount('debit', 'USD').account;
const liabilities = transitAccount('credit', 'USD').account;

/** A ledger of which this has happened. */
function ledger(name: string, ...commands: readonly Command[]): TransfersJournal {
  const journal = new TransfersJournal(name);
  for (const command of commands) {
    const decision = journal.submit(command);
    if (decision.kind === 'refused') throw new Error(`${command.type}: ${decision.refusal.detail}`);
  }
  return journal;
}
const typesOf = (decision: ReturnType<TransfersJournal['submit']>): readonly string[] =>
  decision.kind === 'decided' ? decision.events.map(({ type }) => type) : [decision.refusal.code];
/** What its last event has done in the other ledger. */
function deliveryOf(journal: TransfersJournal): ReceiveLedgerTransfer {
  const [delivery] = deliveriesOf(journal.events.at(-1) as LedgerTransferEvent);
  if (delivery === undefined) throw new Error('nothing is delivered');
  return delivery.data;
}
const outcomeOf = (journal: TransfersJournal): LedgerTransferCommand => {
  const { arrival } = (
    journal.events.at(-1) as Extract<LedgerTransferEvent, { type: 'LedgerTransferReceived' }>
  ).data;
  const { failureCode, failureMessage, id, transaction } = arrival;
  return {
    type: 'RecordLedgerTransferOutcome',
    transferId: id,
    outcome:
      transaction === null
        ? { kind: 'declined', failureCode: failureCode ?? '', failureMessage: failureMessage ?? '' }
        : { kind: 'received', transaction },
  };
};

describe('a transfer to another ledger', () => {
  it('leaves its account at once, arrives in the other ledger, and is settled', () => {
    const from = ledger('led_1', ...history);
    const to = ledger('led_2', ...funded);
    expect(typesOf(from.submit(ask))).toEqual(['LedgerTransferCreated']);
    expect([from.balance('cash'), from.balance(assets)]).toEqual([70n, 30n]);
    expect(typesOf(to.submit(deliveryOf(from)))).toEqual(['LedgerTransferReceived']);
    expect([to.balance('cash'), to.balance(assets)]).toEqual([30n, -30n]);
    expect(typesOf(from.submit(outcomeOf(to)))).toEqual(['LedgerTransferSettled']);
    expect(from.events.at(-1)?.data).toMatchObject({
      transfer: { status: 'settled', toTransaction: 'txn_led_2_3', settledAt: from.now },
    });
  });

  it('is in transit as a liability where what it leaves is owed', () => {
    const from = ledger('led_1', ...funded, post(transfer('cash', 'owed', '100')));
    const to = ledger('led_2', ...funded);
    from.submit({
      ...ask,
      from: { ledger: 'led_1', account: 'owed' },
      to: { ledger: 'led_2', account: 'owed' },
    });
    expect([from.balance('owed'), from.balance(liabilities)]).toEqual([70n, 30n]);
    to.submit(deliveryOf(from));
    expect([to.balance('owed'), to.balance(liabilities)]).toEqual([30n, -30n]);
  });

  it('says which transfer it is in the transaction of either ledger', () => {
    const from = ledger('led_1', ...history, { ...ask, description: 'Funding' });
    const to = ledger('led_2', ...funded, deliveryOf(from));
    for (const journal of [from, to])
      expect(journal.events.at(-1)?.data).toMatchObject({
        transaction: { description: 'Funding', metadata: { ledger_transfer: 'lt_led_1_4' } },
      });
  });

  it.each<[string, readonly Command[], Partial<typeof ask> | object, string, string]>([
    [
      'in one ledger',
      [],
      { to: { ledger: 'led_1', account: 'own' } },
      'transfer_within_ledger',
      '/to/ledger',
    ],
    [
      'from a managed account',
      [],
      { from: { ledger: 'led_1', account: 'payments:bank' }, managedBy: { from: 'payments', to: null } },
      'account_managed',
      '/from/account',
    ],
    [
      'to a managed account',
      [],
      { to: { ledger: 'led_2', account: 'payments:bank' }, managedBy: { from: null, to: 'payments' } },
      'account_managed',
      '/to/account',
    ],
    ['from transit', [], { from: { ledger: 'led_1', account: assets } }, 'account_managed', '/from/account'],
    ['to transit', [], { to: { ledger: 'led_2', account: assets } }, 'account_managed', '/to/account'],
    ['from nowhere', [], { from: { ledger: 'led_1', account: 'none' } }, 'unknown_account', '/from/account'],
    ['of another currency', [], { currency: 'EUR' }, 'currency_mismatch', '/currency'],
    [
      'from a frozen account',
      [{ type: 'FreezeAccount', address: 'cash' }],
      {},
      'account_frozen',
      '/from/account',
    ],
    [
      'from a closed account',
      [post(transfer('own', 'cash', '100')), { type: 'CloseAccount', address: 'cash' }],
      {},
      'account_closed',
      '/from/account',
    ],
    ['of more than there is', [], { amount: '101' }, 'insufficient_funds', '/amount'],
  ])('is refused %s, and nothing is left of it', (_what, before, more, code, param) => {
    const from = ledger('led_1', ...history, ...before);
    const count = from.events.length;
    const decision = from.submit({ ...ask, ...more } as LedgerTransferCommand);
    expect(decision).toMatchObject({ kind: 'refused', refusal: { code, param } });
    expect(from.events).toHaveLength(count);
  });

  it('is refused for the first reason of several', () => {
    const from = ledger('led_1', ...history, { type: 'FreezeAccount', address: 'cash' });
    const codes: unknown[] = [];
    let wrong: LedgerTransferCommand = {
      ...ask,
      ...{ amount: '1000', currency: 'EUR' },
      from: { ledger: 'led_1', account: assets },
      to: { ledger: 'led_1', account: 'own' },
    };
    for (const better of [
      { to: ask.to },
      { from: { ledger: 'led_1', account: 'none' } },
      { from: ask.from },
      { currency: 'USD' },
    ]) {
      codes.push(...typesOf(from.submit(wrong)));
      wrong = { ...wrong, ...better };
    }
    expect(codes).toEqual(['transfer_within_ledger', 'account_managed', 'unknown_account', 'account_frozen']);
  });
});

describe('a transfer that the other ledger declines', () => {
  it.each<[string, readonly Command[], LedgerTransferCommand, string]>([
    ['has no such account', [], { ...ask, to: { ledger: 'led_2', account: 'none' } }, 'unknown_account'],
    ['has it frozen', [{ type: 'FreezeAccount', address: 'cash' }], ask, 'account_frozen'],
    ['has it closed', [{ type: 'CloseAccount', address: 'cash' }], ask, 'account_closed'],
    [
      'has it at its maximum',
      [{ type: 'AmendAccount', address: 'cash', maxBalance: '29' }],
      ask,
      'balance_above_maximum',
    ],
    [
      'has it in another currency',
      [open('eur', 'asset', { currency: 'EUR' })],
      to('eur'),
      'currency_mismatch',
    ],
    ['has it grow by the other side', [], to('owed'), 'normal_balance_mismatch'],
  ])('because it %s is given back', (_what, before, command, failureCode) => {
    const from = ledger('led_1', ...history, command);
    const other = ledger('led_2', ...funded, ...before);
    expect(typesOf(other.submit(deliveryOf(from)))).toEqual(['LedgerTransferDeclined']);
    expect(typesOf(from.submit(outcomeOf(other)))).toEqual(['LedgerTransferReversed']);
    expect(from.events.at(-1)?.data).toMatchObject({ transfer: { status: 'reversed', failureCode } });
    expect([from.balance('cash'), from.balance(assets)]).toEqual([100n, 0n]);
  });

  it.each<[string, readonly Command[]]>([
    ['frozen', [{ type: 'FreezeAccount', address: 'cash' }]],
    ['closed', [post(transfer('own', 'cash', '70')), { type: 'CloseAccount', address: 'cash' } as const]],
    ['at its maximum', [{ type: 'AmendAccount', address: 'cash', maxBalance: '70' }]],
  ])('is given back to an account that is %s by now', (_what, meanwhile) => {
    const from = ledger('led_1', ...history, to('none'));
    const other = ledger('led_2', ...funded, deliveryOf(from));
    for (const command of meanwhile) from.submit(command);
    const before = from.balance('cash');
    expect(typesOf(from.submit(outcomeOf(other)))).toEqual(['LedgerTransferReversed']);
    expect(from.balance('cash')).toBe(before + 30n);
  });

  it('is declined for good, also when it could be booked later', () => {
    const from = ledger('led_1', ...history, to('later'));
    const delivery = deliveryOf(from);
    const other = ledger('led_2', ...funded, delivery, open('later', 'asset'));
    const again = other.submit(delivery);
    expect(again).toMatchObject({ events: [], answeredAs: [{ data: { arrival: { transaction: null } } }] });
    expect(other.balance('later')).toBe(0n);
  });
});

function to(account: string): LedgerTransferCommand {
  return { ...ask, to: { ledger: 'led_2', account } };
}

describe('a transfer of which nothing is known', () => {
  const resume = { type: 'ResumeLedgerTransfers', keys: ['ledger_transfer:lt_led_1_4'] } as const;

  it('is told again at its time, ever later, and received once', () => {
    const from = ledger('led_1', ...history, ask);
    const other = ledger('led_2', ...funded, deliveryOf(from));
    const received = outcomeOf(other);
    expect(typesOf(from.submit(resume))).toEqual([]);
    from.now = '2026-01-05T12:00:10.000Z';
    expect(typesOf(from.submit(resume))).toEqual(['LedgerTransferResumed']);
    expect(from.events.at(-1)?.data).toMatchObject({
      transfer: { attempt: 2, resumeAt: '2026-01-05T12:00:30.000Z' },
    });
    expect(typesOf(other.submit(deliveryOf(from)))).toEqual([]);
    expect([other.balance('cash'), other.balance(assets)]).toEqual([30n, -30n]);
    expect(typesOf(from.submit(received))).toEqual(['LedgerTransferSettled']);
    expect(typesOf(from.submit(received))).toEqual([]);
    from.now = '2026-01-06T12:00:00.000Z';
    expect(typesOf(from.submit(resume))).toEqual([]);
  });

  it('is told again at once by the process after one that has died', () => {
    const from = ledger('led_1', ...history, ask);
    expect(typesOf(from.submit({ ...resume, isResumed: true }))).toEqual(['LedgerTransferResumed']);
  });
});

describe('the description of a transfer', () => {
  const change = { type: 'UpdateLedgerTransfer', transferId: 'lt_led_1_4' } as const;

  it('may be changed at any time, its metadata by key', () => {
    const from = ledger('led_1', ...history, { ...ask, metadata: { a: '1', b: '2' } });
    from.submit({ ...change, description: 'x', metadata: { a: null, c: '3' } });
    expect(from.events.at(-1)?.data).toMatchObject({
      transfer: { description: 'x', metadata: { b: '2', c: '3' } },
    });
    expect(typesOf(from.submit({ ...change, metadata: { b: '2' } }))).toEqual([]);
    from.submit({ ...change, metadata: null });
    expect(from.events.at(-1)?.data).toMatchObject({ transfer: { metadata: {} } });
  });

  it('has at most 50 keys of metadata, and one of earlier that has more may only have fewer', () => {
    for (const [count, code] of [
      [49, 'LedgerTransferUpdated'],
      [50, 'metadata_limit'],
      [60, 'metadata_limit'],
    ] as const) {
      const from = ledger('led_1', ...history, { ...ask, metadata: metadataOf(count) });
      expect(typesOf(from.submit({ ...change, metadata: { new: 'v' } }))).toEqual([code]);
      expect(typesOf(from.submit({ ...change, metadata: { k0: null } }))).toEqual(['LedgerTransferUpdated']);
    }
  });

  it('is refused of one that is not there', () => {
    expect(ledger('led_1').submit(change)).toMatchObject({ refusal: { code: 'ledger_transfer_not_found' } });
  });
});

describe('a transit account', () => {
  const transit = (type: string, more: object = {}) => ({ type, address: assets, ...more }) as LedgerCommand;

  it.each<[string, LedgerCommand]>([
    ['frozen', transit('FreezeAccount')],
    ['closed', transit('CloseAccount')],
    ['bounded', transit('AmendAccount', { maxBalance: '0' })],
    ['opened', open(assets, 'asset')],
    ['booked on', post(transfer('own', assets, '1'))],
  ])('is not %s by a client, in a ledger that nobody manages', (_what, command) => {
    const from = ledger('led_1', ...history, ask);
    expect(typesOf(from.submit(command))).toEqual(['account_managed']);
  });

  it.each<[string, LedgerCommand, string]>([
    ['of another type', open(assets, 'liability'), '/type'],
    ['of another currency', open(assets, 'asset', { currency: 'EUR' }), '/currency'],
    ['with a lower bound', open(assets, 'asset', { minBalance: '0' }), '/min_balance'],
    ['with an upper bound', open(assets, 'asset', { maxBalance: '0' }), '/max_balance'],
    ['that there is not', open('ledger-transfers:other', 'asset'), '/address'],
    ['of no unit', open(`${assets}:x`, 'asset'), '/address'],
  ])('%s is not imported', (_what, command, param) => {
    const from = ledger('led_1', ...history);
    const code = 'account_managed';
    expect(from.submit({ ...command, isImport: true } as LedgerCommand)).toMatchObject({
      refusal: { code, param },
    });
  });

  it.each([transit('FreezeAccount'), transit('CloseAccount'), transit('AmendAccount', { maxBalance: '0' })])(
    'keeps its terms, whatever is imported: %j',
    (command) => {
      const from = ledger('led_1', ...history, ask);
      expect(typesOf(from.submit({ ...command, isImport: true } as LedgerCommand))).toEqual([
        'account_managed',
      ]);
    },
  );

  it('is annotated by what is imported, as by clients', () => {
    const amended = transit('AmendAccount', { minBalance: null, maxBalance: null, metadata: { note: 'x' } });
    const from = ledger('led_1', ...history, ask);
    expect(typesOf(from.submit({ ...amended, isImport: true } as LedgerCommand))).toEqual(['AccountAmended']);
  });

  it('may be imported with books of the past, and then stops no transfer', () => {
    const imported = [{ ...open(assets, 'asset'), isImport: true }];
    const from = ledger('led_1', ...history, ...imported);
    expect(typesOf(from.submit(ask))).toEqual(['LedgerTransferCreated']);
    const other = ledger('led_2', ...funded, ...imported, deliveryOf(from));
    expect(other.balance('cash')).toBe(30n);
    expect(typesOf(from.submit(outcomeOf(other)))).toEqual(['LedgerTransferSettled']);
  });

  it('has an address for every unit, which says that unit', () => {
    const units = ['A.B', 'A_B', 'A__B', 'A._B', 'A_.B', 'AB', 'A-B'];
    expect(transitAccount('credit', 'GOLD.OZ').account).toBe('ledger-transfers:transit:liabilities:GOLD_dOZ');
    const named = units.map((unit) => transitTerms(transitAccount('debit', unit).account)?.currency);
    expect(named).toEqual(units);
    expect(new Set(units.map((unit) => transitAccount('debit', unit).account)).size).toBe(units.length);
  });
});
