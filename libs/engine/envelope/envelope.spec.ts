import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json';
import { genesisHash, sealMetadata, eventIds } from './envelope';
import { recomputeHash } from './stored-hash';

const base = {
  id: eventIds('journal-led_1', 'k')(0),
  stream: 'journal-led_1',
  revision: 7,
  type: 'TransactionPosted',
};
const metadata = {
  $correlationId: 'req_1',
  actor: 'key_1',
  commandIndex: 0,
  commandSize: 1,
  effectiveAt: '2026-01-01T00:00:00.000Z',
  idempotencyKey: 'a "quoted" key',
  organizationId: 'org_1',
  previousHash: genesisHash,
  recordedAt: '2026-01-01T00:00:00.000Z',
  requestHash: 'ab',
  version: 1,
};

describe('the hash chain', () => {
  const data = canonicalJson({ b: 'ü', a: [1, '2'] });
  const sealed = sealMetadata({ ...base, data }, metadata);

  it('is SHA-256 over the canonical event without its own hash', () => {
    const byHand = canonicalJson({ ...base, data: { a: [1, '2'], b: 'ü' }, metadata });
    expect(sealed.hash).toBe(createHash('sha256').update(byHand, 'utf8').digest('hex'));
  });

  it('is carried by metadata in canonical form', () => {
    expect(sealed.text).toBe(canonicalJson({ ...metadata, hash: sealed.hash }));
  });

  it('holds when recomputed from the recorded texts and breaks when any of them is edited', () => {
    const recorded = { ...base, data, metadata: sealed.text };
    expect(recomputeHash(recorded)).toBe(sealed.hash);
    expect(recomputeHash({ ...recorded, data: data.replace('2', '3') })).not.toBe(sealed.hash);
    expect(recomputeHash({ ...recorded, revision: 8 })).not.toBe(sealed.hash);
    expect(recomputeHash({ ...recorded, metadata: sealed.text.replace('key_1', 'key_2') })).not.toBe(
      sealed.hash,
    );
  });
});

describe('eventIds', () => {
  it('is a UUID that depends on stream, command and index', () => {
    const ids = [eventIds('a', 'k')(0), eventIds('a', 'k')(1), eventIds('b', 'k')(0), eventIds('a', 'l')(0)];
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(4);
    expect(eventIds('a', 'k')(0)).toBe(ids[0]);
  });
});
