import { timeSortableId } from '@fintech-ledger/envelope';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { keyOf } from './keys';
import { projectAuditLog } from './project';

const ms = Date.UTC(2026, 0, 1);
const stream = 'journal-led_1';
const descriptions = {
  actionKey: (type: string) => keyOf(type),
  names: (_type: string, data: object) => (data as { readonly names: readonly string[] }).names,
};

function event(
  revision: number,
  more: Partial<DecodedEvent> = {},
  names: readonly string[] = [],
): DecodedEvent {
  return {
    prefix: 'journal-',
    owner: 'led_1',
    organizationId: 'org_1',
    actor: 'key_1',
    correlationId: 'req_aaaaaaaaaaaa0000001',
    revision,
    id: '',
    recordedMs: ms,
    effectiveMs: ms,
    event: { type: 'Posted', data: { names } },
    hash: undefined,
    previousHash: undefined,
    ...more,
  };
}
const runs = (...events: readonly DecodedEvent[]) =>
  projectAuditLog(descriptions, events).runs.map(({ first, last }) => [first, last]);

describe('the audit log of a batch', () => {
  it('has one row for what one client did in one millisecond', () => {
    expect(runs(event(1), event(2, { correlationId: 'req_aaaaaaaaaaaa0000002' }), event(3))).toEqual([
      [1, 3],
    ]);
  });

  it.each([
    ['actor', { actor: 'key_2' }],
    ['origin', { correlationId: 'req_bbbbbbbbbbbb0000001' }],
    ['request', { correlationId: 'due' }],
    ['time', { recordedMs: ms + 1 }],
    ['action', { event: { type: 'Voided', data: { names: [] } } }],
  ])('begins another one with another %s, and never overlaps', (_of, more) => {
    expect(runs(event(1), event(2, more), event(3))).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it('names what an id does not lead to, and says which is its target', () => {
    const own = timeSortableId('txn', ms, 4, stream);
    const { names } = projectAuditLog(descriptions, [
      event(4, {}, [own, 'txn_original']),
      event(5, {}, ['a']),
    ]);
    expect(names.map(({ name, revision, isTarget }) => [name, revision, isTarget])).toEqual([
      [keyOf('txn_original'), 4, false],
      [keyOf('a'), 5, true],
    ]);
  });

  it('has a row for each attempt of an event', () => {
    const attempt = {
      action: 'createLedger',
      actor: 'key_1',
      at: '2026-01-01T00:00:00.000Z',
      code: 'missing_scope',
      count: 3,
      requestId: 'req_aaaaaaaaaaaa0000001',
      targetId: null,
      targetType: null,
    };
    const data = { attempts: [attempt, { ...attempt, targetId: 'led_1', targetType: 'ledger' }] };
    const refused = event(0, { prefix: 'audit-', owner: 'org_1', event: { type: 'AttemptsRefused', data } });
    const changes = projectAuditLog(descriptions, [refused]);
    expect(changes.runs.map(({ item, action }) => [item, action])).toEqual([
      [0, keyOf('createLedger')],
      [1, keyOf('createLedger')],
    ]);
    expect(changes.names).toMatchObject([{ name: keyOf('led_1'), item: 1, isTarget: false }]);
  });

  it('has a row for each action of an event, found under what it made, too', () => {
    const action = {
      action: 'replayWebhooks',
      actor: 'key_1',
      at: '2026-01-01T00:00:00.000Z',
      count: 1,
      parentId: 'we_1',
      requestId: 'req_aaaaaaaaaaaa0000001',
      targetId: 'rpl_1',
      targetType: 'replay',
    };
    const data = { actions: [{ ...action, parentId: null, targetId: null, targetType: null }, action] };
    const taken = event(0, { prefix: 'audit-', owner: 'org_1', event: { type: 'ActionsTaken', data } });
    const changes = projectAuditLog(descriptions, [taken]);
    expect(changes.runs.map((run) => [run.item, run.action, run.actor])).toEqual([
      [0, keyOf('replayWebhooks'), keyOf('key_1')],
      [1, keyOf('replayWebhooks'), keyOf('key_1')],
    ]);
    expect(changes.names.map(({ name, item, isTarget }) => [name, item, isTarget])).toEqual([
      [keyOf('rpl_1'), 1, false],
      [keyOf('we_1'), 1, false],
    ]);
  });
});
