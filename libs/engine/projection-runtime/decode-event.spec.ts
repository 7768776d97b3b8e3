import { genesisHash, sealMetadata } from '@fintech-ledger/envelope';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { JournalBuilder } from '@fintech-ledger/testing';
import { ledgerAndAccess } from '../../testing/modules';
import { PoisonEvent } from './errors';

const { decode } = ledgerAndAccess;
const journal = new JournalBuilder('led_a');
const at = '2026-01-01T00:00:00.000Z';
const terms = { accountType: 'asset', currency: 'USD' } as const;
journal.submit({ type: 'OpenAccount', address: 'a', ...terms }, at);
journal.submit({ type: 'OpenAccount', address: 'b', ...terms }, at);
const line = { amount: '5', currency: 'USD' };
journal.submit(
  {
    type: 'PostTransaction',
    effectiveAt: '2025-12-31T00:00:00.000Z',
    entries: [
      { account: 'a', direction: 'debit', ...line },
      { account: 'b', direction: 'credit', ...line },
    ],
  },
  at,
);
const posted = journal.recorded[2] as RecordedEvent;

describe('decodeWith', () => {
  it('reads times in milliseconds and the ledger from the stream', () => {
    expect(decode(posted)).toMatchObject({
      prefix: 'journal-',
      owner: 'led_a',
      revision: 2,
      recordedMs: Date.parse(at),
      effectiveMs: Date.parse(at) - 86_400_000,
      decidedMs: undefined,
    });
  });

  it('reads when something was decided by the clock of a sandbox', () => {
    const later = '2031-01-01T00:00:00.000Z';
    const sandboxed = new JournalBuilder('led_a');
    sandboxed.submit({ type: 'OpenAccount', address: 'a', ...terms }, at, later);
    const [event] = sandboxed.recorded;
    expect(decode(event as RecordedEvent)).toMatchObject({
      ...{ recordedMs: Date.parse(at), effectiveMs: Date.parse(later), decidedMs: Date.parse(later) },
    });
  });

  it('reads the facts of organizations', () => {
    const unsealed = { ...posted, stream: 'org-org_1', type: 'UnitUsed', data: '{"code":"PTS"}' };
    const previousHash = genesisHash;
    const { text } = sealMetadata(unsealed, {
      version: 1,
      commandIndex: 0,
      commandSize: 1,
      recordedAt: at,
      effectiveAt: at,
      previousHash,
    });
    expect(decode({ ...unsealed, metadata: text })).toMatchObject({
      prefix: 'org-',
      owner: 'org_1',
      event: { type: 'UnitUsed' },
    });
  });

  it.each<[string, Partial<RecordedEvent>]>([
    ['its type is not known', { type: 'MoneyPrinted' }],
    ['its type is not known', { stream: 'org-org_1', type: 'toString' }],
    ['its type is not known', { stream: 'elsewhere' }],
    [
      'version 99 of its type is not known',
      { metadata: posted.metadata.replace(/"version":\d+/, '"version":99') },
    ],
    ['its metadata is not JSON', { metadata: '{' }],
    ['its data is not a JSON object', { data: '[]' }],
    ['its data has no transaction', { data: '{"entries":[]}' }],
    ['it has no entries', { data: '{"entries":[],"transaction":{}}' }],
    ['its recordedAt is not a time', { metadata: '{"version":1}' }],
    ['its effectiveAt is not a time', { metadata: `{"recordedAt":"${at}","version":1}` }],
    [
      'it was changed: its hash is missing',
      { metadata: `{"effectiveAt":"${at}","recordedAt":"${at}","version":1}` },
    ],
    ['it was changed: its hash is', { data: posted.data.replace('"description":null', '"description":"x"') }],
    ['it was changed: its hash is', { metadata: posted.metadata.replace('"actor":"', '"actor":"x') }],
    ['it was changed: its hash is', { data: posted.data.replace('{', '{ ') }],
    ['its post entries differ by 1 USD', { data: posted.data.replace('"amount":"5"', '"amount":"6"') }],
  ])('refuses an event: %s', (reason, change) => {
    const event = { ...posted, ...change };
    expect(() => decode(event)).toThrow(PoisonEvent);
    expect(() => decode(event)).toThrow(`event ${event.stream}@2 (${event.type}, ${posted.id}): ${reason}`);
  });
});
