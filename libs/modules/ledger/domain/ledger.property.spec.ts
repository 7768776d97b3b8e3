import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { canonicalJson } from '@fintech-ledger/envelope';
import { seedOf } from '../../../testing/seed';
import { insist } from '../../../testing/insist';
import { InMemoryLedger } from '../../../testing/ledger/in-memory-ledger';
import { intents } from '../../../testing/ledger/ledger-intents';
import type { Intent } from '../../../testing/ledger/ledger-intents';
import { LoadedView } from '../../../testing/loaded-view';
import { PlainBooks } from '../../../testing/ledger/plain-books';
import { RandomLedger } from '../../../testing/ledger/random-ledger';
import { stateHash } from '../../../testing/ledger/state-hash';
import { decide, readsOf } from './decide';
import type { LedgerDecision } from './decision';
import { ledgerEvents, movesMoney } from './events';
import type { LedgerEvent } from './events';
import { evolve } from './evolve';
import type { LedgerRecord } from './records';

// 100 histories of 100 commands. FC_SEED repeats a run.
const histories = 100;
const commandsEach = 100;
const seed = seedOf('FC_SEED');

const counts = { commands: 0, accepted: 0, events: 0 };
const seenTypes = new Map<string, number>();
const seenRefusals = new Map<string, number>();

describe('any sequence of commands', () => {
  it(`keeps every invariant of the ledger (FC_SEED=${seed})`, () => {
    fc.assert(fc.property(intents(commandsEach), run), { seed, numRuns: histories });
  }, 120_000);

  afterAll(() => {
    const sorted = (seen: Map<string, number>) => [...seen].sort().map(([name, n]) => `${name} ${n}`);
    process.stderr.write(
      `ledger properties: FC_SEED=${seed}, ${counts.commands} commands, ${counts.accepted} accepted, ${counts.events} events\n` +
        `  ${sorted(seenTypes).join(', ')}\n  refused: ${sorted(seenRefusals).join(', ')}\n`,
    );
  });

  it('was mostly accepted, saw every type of event and many kinds of refusal', () => {
    expect(counts.commands).toBeGreaterThanOrEqual(histories * commandsEach);
    expect(counts.accepted / counts.commands).toBeGreaterThan(0.6);
    expect(seenTypes.size).toBe(14);
    expect(seenRefusals.size).toBeGreaterThan(15);
  });
});

function run(sequence: readonly Intent[]): void {
  const random = new RandomLedger();
  const { ledger } = random;
  const books = new PlainBooks();
  for (const event of ledger.events) books.add(event);
  let hash = stateHash(ledger.records);
  for (const intent of sequence) {
    const next = random.next(intent);
    if (!next) continue;
    const { command, context } = next;
    const decision = decide(ledger, command, context);
    // Pure: once more, with only the records that were announced to be read, it is the same; and nothing has changed.
    const read = LoadedView.forCommand(ledger, command, readsOf);
    const again = decide(read, command, context);
    insist(isDeepStrictEqual(again, decision), () => `decided twice: ${JSON.stringify(command)}`);
    insist(stateHash(ledger.records) === hash, () => `unchanged by ${JSON.stringify(command)}`);
    count(decision);
    if (decision.kind === 'refused') continue;
    decision.events.forEach((event, i) => {
      // Where deciding needed the changes already, they are those that evolving gives.
      const changes = decision.changes?.[i];
      const isSame = changes === undefined || isDeepStrictEqual(changes, evolve(ledger, event));
      insist(isSame, () => `changes handed over by ${JSON.stringify(command)}`);
      applyChecked(ledger, books, event, read, 'allowOverdraft' in command || 'judged' in command);
      books.check(ledger);
    });
    hash = stateHash(ledger.records);
  }
  checkFolds(ledger);
}

function applyChecked(
  ledger: InMemoryLedger,
  books: PlainBooks,
  event: LedgerEvent,
  read: LoadedView<LedgerRecord>,
  isExcused: boolean,
): void {
  const text = JSON.stringify(event.data);
  insist(text === canonicalJson(event.data), () => `keys in canonical order: ${text}`);
  const changes = evolve(read.folding(ledgerEvents.touches(event)), event);
  ledger.apply(event);
  for (const { key, record } of changes) {
    insist(isDeepStrictEqual(ledger.get(key), record), () => `${key} evolved from what was announced`);
  }
  books.add(event);
  if (isExcused && movesMoney(event)) books.excuse(event.data.entries.map(({ account }) => account));
}

/** Folding what was recorded gives the same state; so does folding everything twice, duplicates skipped. */
function checkFolds({ events, records }: InMemoryLedger): void {
  const recorded = events.map((event) => JSON.parse(canonicalJson(event)) as LedgerEvent);
  const expected = stateHash(records);
  expect(stateHash(InMemoryLedger.of(recorded).records)).toBe(expected);
  const twice = new InMemoryLedger();
  recorded.forEach((event, revision) => {
    twice.applyRecorded(revision, event);
    twice.applyRecorded(revision, event);
  });
  recorded.forEach((event, revision) => twice.applyRecorded(revision, event));
  expect(stateHash(twice.records)).toBe(expected);
}

function count(decision: LedgerDecision): void {
  counts.commands += 1;
  if (decision.kind === 'refused') {
    const { code } = decision.refusal;
    seenRefusals.set(code, (seenRefusals.get(code) ?? 0) + 1);
    return;
  }
  counts.accepted += 1;
  counts.events += decision.events.length;
  for (const { type } of decision.events) seenTypes.set(type, (seenTypes.get(type) ?? 0) + 1);
}
