import fc from 'fast-check';
import type { JournalFact, LedgerCommand, LedgerRecord } from '@fintech-ledger/ledger/domain';
import { accountOf, postedBalance, transactionKey } from '@fintech-ledger/ledger/domain';
import type { AccountRecord } from '@fintech-ledger/ledger/domain';
import { deliveriesOf } from '@fintech-ledger/ledger-transfers/domain';
import type { LedgerTransferCommand, LedgerTransferEvent } from '@fintech-ledger/ledger-transfers/domain';
import { commandFor, firstAccounts } from '../ledger/command-for';
import { InMemoryLedger } from '../ledger/in-memory-ledger';
import { intents } from '../ledger/ledger-intents';
import type { Intent } from '../ledger/ledger-intents';
import { pick } from '../ledger/pick';
import { TransfersJournal } from './transfers-journal';

/** One of some ledgers, with its state as a test reads it. */
export class RandomJournal {
  readonly ledger = new InMemoryLedger<JournalFact>();
  private readonly journal: TransfersJournal;

  constructor(readonly name: string) {
    this.journal = new TransfersJournal(name);
    for (const command of firstAccounts()) this.submit(command);
  }

  get now(): string {
    return this.journal.now;
  }
  get accounts(): AccountRecord[] {
    return [...this.ledger.records.values()].flatMap((record) => (record.kind === 'account' ? [record] : []));
  }

  advance(seconds: number): void {
    this.journal.now = new Date(Date.parse(this.now) + seconds * 1_000).toISOString();
  }

  /** The events that it made; none where it was refused. */
  submit(command: LedgerCommand | LedgerTransferCommand): readonly JournalFact[] {
    const decision = this.journal.submit(command);
    if (decision.kind === 'refused') return [];
    for (const event of decision.events) {
      this.ledger.apply(event);
      // Plain posted transactions are read from their events.
      const { transaction } = event.data as { readonly transaction?: { readonly id: string } };
      const key = transactionKey(transaction?.id ?? '');
      const record: LedgerRecord | undefined = this.ledger.get(key);
      if (record !== undefined) this.journal.records.set(key, record);
    }
    return decision.events;
  }
}

/** What is done about an account between that money leaves it and that it comes back. */
function disturbances({ address, ...account }: AccountRecord): readonly (LedgerCommand | undefined)[] {
  const posted = postedBalance(account.type, account);
  return [
    { type: 'FreezeAccount', address },
    { type: 'CloseAccount', address },
    { type: 'AmendAccount', address, maxBalance: String(posted) },
    { type: 'AmendAccount', address, maxBalance: String(posted), minBalance: String(posted) },
    undefined,
    undefined,
  ];
}

/** Moves money, or all of an account, from one of the ledgers to another, in which the account may not be there. */
function move(from: RandomJournal, to: RandomJournal, { amount, picks, variant }: Intent): void {
  const [a = 0, b = 0, c = 0] = picks;
  const account = pick(from.accounts, a);
  if (account === undefined) return;
  const all = postedBalance(account.type, account);
  const other = pick(to.accounts, b)?.address ?? account.address;
  const [created] = from.submit({
    type: 'CreateLedgerTransfer',
    from: { ledger: from.name, account: account.address },
    to: { ledger: to.name, account: variant < 40 ? other : variant < 70 ? account.address : 'gone' },
    managedBy: { from: null, to: null },
    amount: String(variant % 2 === 0 && all > 0n ? all : amount),
    ...{ currency: account.currency, description: null, livemode: false, metadata: {} },
  });
  if (created === undefined) return;
  const left = accountOf(from.ledger, account.address) ?? account;
  const disturbance = pick(disturbances(left), c);
  if (disturbance !== undefined) from.submit(disturbance);
  for (const { data } of deliveriesOf(created as LedgerTransferEvent)) {
    const [arrived] = to.submit(data);
    const { arrival } = (arrived as Extract<LedgerTransferEvent, { readonly type: 'LedgerTransferReceived' }>)
      .data;
    const { failureCode, failureMessage, transaction } = arrival;
    const declined = { failureCode: failureCode ?? '', failureMessage: failureMessage ?? '' };
    from.submit({
      type: 'RecordLedgerTransferOutcome',
      transferId: arrival.id,
      outcome: transaction === null ? { kind: 'declined', ...declined } : { kind: 'received', transaction },
    });
  }
}

/** Two ledgers after random commands of clients, and transfers between them; the same for the same seed. */
export function randomLedgers(seed: number, count: number): readonly [RandomJournal, RandomJournal] {
  const both = [new RandomJournal('led_1'), new RandomJournal('led_2')] as const;
  const drawn = fc.sample(intents(count), { seed, numRuns: 1 })[0] ?? [];
  for (const intent of drawn) {
    const [, , , , , , d = 0, e = 0] = intent.picks;
    const [one, other] = d % 2 === 0 ? both : ([both[1], both[0]] as const);
    for (const each of both) each.advance(intent.elapsedSeconds);
    if (e % 4 === 0) {
      move(one, other, intent);
      continue;
    }
    const command = commandFor(intent, one.ledger, one.now);
    if (command !== undefined) one.submit(command);
  }
  return both;
}
