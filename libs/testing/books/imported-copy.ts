import { canonicalJson } from '@fintech-ledger/envelope';
import { globalPosition, revision } from '@fintech-ledger/event-store';
import { exportFormats, importNdjson } from '@fintech-ledger/books/formats';
import type { ExportSource } from '@fintech-ledger/books/formats';
import { effectiveAtOf } from '@fintech-ledger/ledger/domain';
import type { AccountRecord, JournalFact } from '@fintech-ledger/ledger/domain';
import { fileOf, MemoryBooks, textOf } from './memory-books';
import { insist } from '../insist';

/** A ledger with its state, as a test has it. `managed`: by this module. */
export interface CopiedLedger {
  readonly name: string;
  readonly managed?: string;
  readonly events: readonly JournalFact[];
  readonly accounts: readonly AccountRecord[];
  readonly now: string;
}

function sourceOf({ name, managed, events, now }: CopiedLedger): ExportSource {
  const recorded = events.map((event, at) => ({
    ...{ id: `e-${at}`, stream: `journal-${name}`, type: event.type, data: canonicalJson(event.data) },
    revision: revision(at),
    position: globalPosition(String(at)),
    metadata: JSON.stringify({ effectiveAt: effectiveAtOf(event, now) }),
  }));
  return {
    ledger: { id: name, name, managed },
    revision: recorded.length - 1,
    events: async function* () {
      yield* recorded;
    },
    unit: () => Promise.resolve({ exponent: 0, name: 'Points' }),
  };
}

/** What the copy has, too. What a module manages has no bounds for who imports it. */
function comparable(account: AccountRecord, managed: string | undefined): object {
  const { version: _, openedAt: _at, ...same } = account;
  return managed === undefined ? same : { ...same, minBalance: null, maxBalance: null };
}

/**
 * What an export says, with ids and marks that a copy has otherwise left out. Of amendments of an account that follow
 * each other it is the last: one that sets and removes keys of metadata is imported as two.
 */
function saidIn(text: string): readonly object[] {
  const numbers = new Map<string, number>();
  const numbered = (id: unknown): unknown => {
    if (typeof id !== 'string') return id;
    if (!numbers.has(id)) numbers.set(id, numbers.size);
    return numbers.get(id);
  };
  const lines = text
    .trimEnd()
    .split('\n')
    .slice(1, -1)
    .map((line) => JSON.parse(line) as Said);
  const isAmendedAgain = ({ object, address }: Said, next: Said | undefined): boolean =>
    object === 'account_amendment' && next?.['object'] === object && next['address'] === address;
  return lines
    .filter((line, at) => !isAmendedAgain(line, lines[at + 1]))
    .map(({ id, transaction, correction_of: corrected, judged: _, ...said }) => ({
      ...said,
      ...{ id: numbered(id), transaction: numbered(transaction), corrected: numbered(corrected) },
    }));
}
type Said = Readonly<Record<string, unknown>>;

async function copyOf(source: ExportSource, ledger: CopiedLedger, now: string): Promise<MemoryBooks> {
  const { accounts, managed } = ledger;
  const text = await textOf(exportFormats.ndjson.write(source));
  const copy = new MemoryBooks(`${source.ledger.id}-copy`);
  copy.now = new Date(Date.parse(now) + 1).toISOString();
  const file = fileOf(text, 65_536);
  const options = { allowOverdraft: true };
  const { errors } = await importNdjson(file, copy, options);
  const lineOf = (line = 0): string => text.split('\n')[line - 1] ?? '';
  insist(errors.length === 0, () => errors.map((each) => `${each.detail}: ${lineOf(each.line)}`).join('\n'));
  for (const account of accounts) {
    const found = (await copy.account(account.address)) as AccountRecord;
    expect(comparable(found, managed)).toEqual(comparable(account, managed));
  }
  const again = await textOf(exportFormats.ndjson.write(copy.source()));
  expect(saidIn(again)).toEqual(saidIn(text));
  const before = copy.recorded.length;
  await importNdjson(file, copy, options);
  insist(copy.recorded.length === before, () => 'the second import adds something');
  return copy;
}

/**
 * The ledger as an import of its export makes it: each account has the same terms and totals. The same holds for the
 * copy of the copy. @throws Error what differs
 */
export async function importedCopy(ledger: CopiedLedger): Promise<MemoryBooks> {
  const copy = await copyOf(sourceOf(ledger), ledger, ledger.now);
  await copyOf(copy.source(), ledger, copy.now);
  return copy;
}
