import { accessModule } from '@fintech-ledger/access';
import { timeSortableId } from '@fintech-ledger/envelope';
import { ledgerModule } from '@fintech-ledger/ledger';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { PublicEventRegistry } from '../catalogue/public-event-registry';
import { organizationKey, streamKey, streamKeysOf } from './keys';
import { projectPublicEvents } from './project';

const registry = new PublicEventRegistry([ledgerModule, accessModule]);
const ms = Date.UTC(2026, 0, 1);

function event(type: string, revision: number, recordedMs = ms, ledger = 'led_1'): DecodedEvent {
  const stream = `journal-${ledger}`;
  const own = timeSortableId('txn', recordedMs, revision, stream);
  const data =
    type === 'AccountOpened'
      ? { account: { address: 'cash' } }
      : { transaction: { id: type === 'HoldCaptured' ? 'txn_held' : own }, original: { id: 'txn_first' } };
  return {
    prefix: 'journal-',
    owner: ledger,
    organizationId: 'org_1',
    actor: 'key_1',
    correlationId: 'req_1',
    revision,
    id: '',
    recordedMs,
    effectiveMs: recordedMs,
    decidedMs: undefined,
    event: { type, data },
    hash: undefined,
    previousHash: undefined,
  };
}
const runsOf = (...events: readonly DecodedEvent[]) =>
  projectPublicEvents(registry, events).runs.map(({ type, recordedMs, first, last }) => [
    type,
    recordedMs - ms,
    first,
    last,
  ]);

describe('where public events are', () => {
  it('is told in runs of one type, one stream and one millisecond', () => {
    expect(
      runsOf(
        event('TransactionPosted', 0),
        event('TransactionPosted', 1),
        event('TransactionPosted', 0, ms, 'led_2'),
        event('TransactionPosted', 2),
        event('HoldPlaced', 3),
        event('TransactionPosted', 4),
        event('TransactionPosted', 5, ms + 1),
      ),
    ).toEqual([
      ['transaction.posted', 0, 0, 2],
      ['transaction.posted', 0, 0, 0],
      ['hold.placed', 0, 3, 3],
      ['transaction.posted', 0, 4, 4],
      ['transaction.posted', 1, 5, 5],
    ]);
  });

  it('is told apart where the clock of a sandbox went on', () => {
    const events = [0, 0, 5].map((created, revision) => ({
      ...event('TransactionPosted', revision),
      decidedMs: ms + 86_400_000 + created,
    }));
    const { runs, named } = projectPublicEvents(registry, [
      ...events,
      { ...event('HoldCaptured', 3), decidedMs: ms + 1 },
    ]);
    expect(runs.map(({ createdMs = 0, first, last }) => [createdMs - ms, first, last])).toEqual([
      [86_400_000, 0, 1],
      [86_400_005, 2, 2],
      [1, 3, 3],
    ]);
    expect(named).toMatchObject([{ name: 'txn_held', createdMs: ms + 1 }]);
  });

  it('is nowhere for an event that is not told', () => {
    expect(projectPublicEvents(registry, [event('TransactionsRefused', 0)])).toEqual({
      runs: [],
      named: [],
      streams: [],
    });
  });

  it('is told by name but where the id of the object leads to it', () => {
    const { named, streams } = projectPublicEvents(registry, [
      event('AccountOpened', 0),
      event('TransactionPosted', 1),
      event('HoldCaptured', 2),
      event('TransactionReversed', 3),
    ]);
    expect(named.map(({ name, revision }) => [name, revision])).toEqual([
      ['cash', 0],
      ['txn_held', 2],
      ['txn_first', 3],
    ]);
    expect(streams).toMatchObject([{ organizationKey: organizationKey('org_1'), stream: 'journal-led_1' }]);
  });

  it('has a key to which the ids of its stream lead', () => {
    for (const stream of ['journal-led_1', 'org-org_1']) {
      const id = timeSortableId('evt', ms, 1, stream);
      const number = parseInt32(id.slice(-8));
      const [first, last] = streamKeysOf(number);
      expect(streamKey(stream)).toBeGreaterThanOrEqual(first);
      expect(streamKey(stream)).toBeLessThanOrEqual(last);
      expect(Number.isSafeInteger(last)).toBe(true);
    }
  });
});

/** Crockford's base 32. */
function parseInt32(text: string): number {
  return [...text].reduce((sum, one) => sum * 32 + '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(one), 0);
}
