import { admit, noHead, parseBatch } from '@fintech-ledger/projection-runtime';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { randomJournal } from '@fintech-ledger/testing';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import {
  firstReversals,
  linesToldMax,
  movesMoney,
  transactionKey,
  withLines,
} from '@fintech-ledger/ledger/domain';
import type { TransactionSnapshot } from '@fintech-ledger/ledger/domain';
import { projectAccounts } from '../accounts/read-model/project';
import { projectEventIndex } from '../history/event-index/project';
import { projectEntries } from '../history/read-model/project';
import { ledgerAndAccess } from '../../../testing/modules';
import { packLines, unpackLines } from '../transactions/read-model/transaction-rows';
import { projectTransactions } from '../transactions/read-model/project';

const { decode } = ledgerAndAccess;
const journal = randomJournal({ ledgerId: 'led_pure', seed: 42, commands: 600 });

/** What the projector lets through when every event is delivered twice, in overlapping batches. */
function deliveredTwice(recorded: readonly RecordedEvent[]): readonly DecodedEvent[] {
  let head = noHead;
  const seen: DecodedEvent[] = [];
  for (let at = 0; at < recorded.length; at += 10) {
    const batch = [...recorded.slice(Math.max(0, at - 10), at + 10), ...recorded.slice(at, at + 10)];
    const { events, advances, halts } = admit(parseBatch(batch, decode), {
      isOurs: () => true,
      headOf: () => head,
    });
    expect(halts).toEqual([]);
    const [advance] = advances;
    if (advance !== undefined) head = { revision: advance.to, hash: advance.hash };
    seen.push(...events);
  }
  return seen;
}

describe('the projections of a random journal', () => {
  const once = journal.recorded.map(decode);
  const twice = deliveredTwice(journal.recorded);

  it('has everything that can happen in it', () => {
    const types = new Set(journal.ledger.events.map(({ type }) => type));
    expect([...types].sort()).toEqual([
      'AccountAmended',
      'AccountFrozen',
      'AccountOpened',
      'AccountUnfrozen',
      'HoldCaptured',
      'HoldExpired',
      'HoldPlaced',
      'HoldVoided',
      'TransactionPosted',
      'TransactionReversed',
    ]);
  });

  it.each([
    ['accounts', projectAccounts],
    ['transactions', projectTransactions],
    ['entries', projectEntries],
    ['the event index', projectEventIndex],
  ])('gives the same rows for %s when every event is delivered twice', (_name, project) => {
    expect(project(twice)).toEqual(project(once));
  });

  it('has the accounts as the ledger has them', () => {
    for (const { terms, totals, version } of projectAccounts(once)) {
      const record = journal.ledger.get(`a:${terms?.address ?? ''}`);
      if (record?.kind !== 'account') throw new Error('no such account');
      expect({ version, status: terms?.status, metadata: terms?.metadata }).toEqual({
        version: record.version,
        status: record.status,
        metadata: record.metadata,
      });
      expect(totals?.postedDebits ?? '0').toBe(String(record.postedDebits));
      expect(totals?.pendingCredits ?? '0').toBe(String(record.pendingCredits));
    }
  });

  it('has the transactions as the ledger has them, and keeps their lines', () => {
    const { added, changed } = projectTransactions(once);
    expect(changed).toEqual([]);
    for (const { snapshot, revision } of added) {
      const record = journal.ledger.get(transactionKey(snapshot.id));
      expect(record).toEqual({ kind: 'transaction', snapshot });
      expect(journal.ledger.events[revision]).toMatchObject({
        data: { transaction: { id: snapshot.id } },
      });
      expect(unpackLines(packLines(snapshot.lines))).toEqual(snapshot.lines);
    }
    expect(added.length).toBe(
      new Set(
        journal.ledger.events.flatMap((event) => (movesMoney(event) ? [event.data.transaction.id] : [])),
      ).size,
    );
  });

  it('says in batches what it says at once, of long transactions too', () => {
    const rows = new Map<string, TransactionSnapshot>();
    for (let at = 0; at < once.length; at += 7) {
      const { added, changed } = projectTransactions(once.slice(at, at + 7));
      for (const { snapshot } of added) rows.set(snapshot.id, snapshot);
      for (const { id, lines, reversals, status } of changed) {
        const before = rows.get(id);
        if (before === undefined) throw new Error(`${id} was not made before`);
        rows.set(id, {
          ...before,
          lines: withLines(before.lines, lines.values()),
          reversedBy: firstReversals([...before.reversedBy, ...reversals]),
          status: status ?? before.status,
        });
      }
    }
    for (const [id, snapshot] of rows)
      expect(journal.ledger.get(transactionKey(id))).toEqual({ kind: 'transaction', snapshot });
    expect([...rows.values()].some(({ lines }) => lines.length > linesToldMax)).toBe(true);
  });

  it('has one line per entry, and sums of dated ones that say the same on both axes', () => {
    const { entries, datedDays, moments } = projectEntries(once);
    expect(entries.length).toBe(
      journal.ledger.events.flatMap((event) => (movesMoney(event) ? event.data.entries : [])).length,
    );
    const total = (axis: string): bigint =>
      datedDays.filter((day) => day.axis === axis).reduce((sum, { change }) => sum + change.postedDebits, 0n);
    expect(total('E')).toBe(total('R'));
    expect(moments.at(-1)?.revision).toBe(journal.recorded.length - 1);
  });
});
