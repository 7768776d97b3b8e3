import fc from 'fast-check';
import { availableBalance, movesMoney } from '@fintech-ledger/ledger/domain';
import type { AccountRecord, BookedFact, JournalFact, LedgerCommand } from '@fintech-ledger/ledger/domain';
import type { DomainRecord } from '@fintech-ledger/journal';
import { timeSortableId } from '@fintech-ledger/envelope';
import { seedOf } from '../../../testing/seed';
import { insist } from '../../../testing/insist';
import { commandFor, firstAccounts } from '../../../testing/ledger/command-for';
import { InMemoryLedger } from '../../../testing/ledger/in-memory-ledger';
import { intents } from '../../../testing/ledger/ledger-intents';
import type { Intent } from '../../../testing/ledger/ledger-intents';
import { PlainBooks } from '../../../testing/ledger/plain-books';
import { joinedLedger } from '../../../testing/postage/joined-ledger';
import { postageEvents } from '../../../testing/postage/postage-events';
import type { PostageCommand } from '../../../testing/postage/postage-part';

// Histories of commands of the ledger and of a module that has joined it. FC_SEED repeats a run.
const seed = seedOf('FC_SEED');
const stream = 'journal-led_1';
const startMs = Date.parse('2026-01-01T00:00:00.000Z');

const owner = fc.constantFrom('ann', 'bob');
const currency = fc.constantFrom('USD', 'EUR');
const amount = fc.integer({ min: 1, max: 1_000 }).map(String);
const parcelId = fc.integer({ min: 1, max: 40 }).map((id) => `p${id}`);
const postage: fc.Arbitrary<PostageCommand> = fc.oneof(
  fc.record({ type: fc.constant('PayIn' as const), owner, amount, currency }),
  fc.record({
    type: fc.constant('ChargeParcel' as const),
    parcelId,
    owner,
    fee: amount,
    currency,
    judged: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('DeliverParcels' as const),
    parcelIds: fc.uniqueArray(parcelId, { minLength: 1, maxLength: 5 }),
  }),
  fc.record({ type: fc.constant('LabelParcel' as const), parcelId, account: owner }),
);

const counts = { booked: 0, judgedRefused: 0, belowBound: 0 };

/** A ledger that a module has joined, in memory, checked after each of its events. */
class JoinedLedger {
  readonly ledger = new InMemoryLedger<JournalFact>();
  private readonly others = new Map<string, DomainRecord>();
  private readonly books = new PlainBooks();
  private time = startMs;

  get(key: string): DomainRecord | undefined {
    return this.others.get(key) ?? this.ledger.get(key);
  }

  get now(): string {
    return new Date(this.time).toISOString();
  }

  run(command: LedgerCommand | PostageCommand): void {
    this.time += 1_000;
    const { now, ledger } = this;
    const newId = (prefix: string, index: number) =>
      timeSortableId(prefix, Date.parse(now), ledger.revision + 1 + index, stream);
    const decision = joinedLedger.decide(this, command, { now, organizationId: 'org_1', newId });
    const isJudged = command.type === 'ChargeParcel' && command.judged;
    if (decision.kind === 'refused') {
      const isMoney = command.type === 'PayIn' || command.type === 'ChargeParcel';
      const isRule = decision.refusal.code !== 'parcel_exists';
      if (isJudged && isRule) counts.judgedRefused += 1;
      insist(
        !isMoney || isJudged || !isRule,
        () => `what has happened was refused: ${decision.refusal.detail}`,
      );
      return;
    }
    for (const event of decision.events) this.apply(event, isJudged, command);
    this.books.check(this.ledger);
  }

  private apply(
    event: { readonly type: string; readonly data: object },
    isJudged: boolean,
    command: LedgerCommand | PostageCommand,
  ): void {
    const at = { stream, revision: this.ledger.revision + 1, recordedAt: this.now };
    const isOfModule = postageEvents.names.some((name) => name === event.type);
    const before = new Map(this.ledger.records);
    const changes = joinedLedger.evolve(this, event, at);
    this.ledger.apply(event);
    this.books.add(event);
    for (const { key, record } of changes) {
      if (record.kind === 'parcel') this.others.set(key, record);
      else insist(this.ledger.get(key) !== undefined, () => `${key} is not what folding the ledger gives`);
    }
    if (!movesMoney(event)) return;
    insist(sumOf(event) === 0n, () => `${event.type} does not balance`);
    const isAllowed = command.type === 'ReverseTransaction' && command.allowOverdraft === true;
    if (isOfModule) this.checkBounds(event, before, isJudged);
    if (isAllowed || (isOfModule && !isJudged))
      this.books.excuse(event.data.entries.map(({ account }) => account));
  }

  /** A judged booking takes no account further out of its bounds; what has happened may. */
  private checkBounds(event: BookedFact, before: ReadonlyMap<string, DomainRecord>, isJudged: boolean): void {
    counts.booked += 1;
    for (const { account } of event.data.entries) {
      const is = this.ledger.get(`a:${account}`) as AccountRecord;
      const was = before.get(`a:${account}`) as AccountRecord | undefined;
      const available = availableBalance(is.type, is);
      if (is.minBalance === null || available >= is.minBalance) continue;
      const had = was === undefined ? 0n : availableBalance(was.type, was);
      if (available < had) counts.belowBound += 1;
      insist(!isJudged || available >= had, () => `${account} went from ${had} to ${available}, judged`);
    }
  }
}

function sumOf({ data: { entries } }: BookedFact): bigint {
  return entries.reduce(
    (sum, { amount: minor, direction }) => sum + (direction === 'debit' ? BigInt(minor) : -BigInt(minor)),
    0n,
  );
}

function run(sequence: readonly Intent[], commands: readonly PostageCommand[]): void {
  const joined = new JoinedLedger();
  for (const command of firstAccounts()) joined.run(command);
  for (const [i, intent] of sequence.entries()) {
    const command = commandFor(intent, joined.ledger, joined.now);
    if (command) joined.run(command);
    const other = commands[i];
    if (other) joined.run(other);
  }
}

describe('any sequence of commands of a ledger and of a module that has joined it', () => {
  it(`keeps the books (FC_SEED=${seed})`, () => {
    const both = [intents(60), fc.array(postage, { minLength: 60, maxLength: 60 })] as const;
    fc.assert(fc.property(...both, run), { seed, numRuns: 60 });
  }, 120_000);

  it('has booked, has refused what it judged, and has booked below bounds what had happened', () => {
    expect(counts.booked).toBeGreaterThan(500);
    expect(counts.judgedRefused).toBeGreaterThan(50);
    expect(counts.belowBound).toBeGreaterThan(50);
  });
});
