import fc from 'fast-check';
import { canonicalJson } from './canonical-json';
import { genesisHash, sealMetadata, eventIds } from './envelope';
import { recomputeHash, verifyStoredHash } from './stored-hash';
import type { StoredEvent } from './stored-hash';

const base = { id: eventIds('journal-led_1', 'k')(0), stream: 'journal-led_1', revision: 7, type: 'Booked' };
const plain = { $correlationId: 'req_1', actor: 'key_1', commandIndex: 0, commandSize: 1 };
const times = { effectiveAt: '2026-01-01T00:00:00.000Z', recordedAt: '2026-01-01T00:00:00.000Z' };

function seal(data: string, more: object = {}): StoredEvent {
  const metadata = {
    ...plain,
    ...times,
    ...more,
    organizationId: 'o',
    previousHash: genesisHash,
    version: 1,
  };
  return { ...base, data, metadata: sealMetadata({ ...base, data }, metadata).text };
}

/** As somebody would who may write to the store and knows the formula: the hash fits the new texts. */
function resealed(event: StoredEvent): StoredEvent {
  const hash = recomputeHash(event) ?? '';
  return { ...event, metadata: event.metadata.replace(/,"hash":"[0-9a-f]{64}"/, `,"hash":"${hash}"`) };
}

const event = seal('{"amount":"10","note":"a"}', { idempotencyKey: 'k' });

describe('verifyStoredHash', () => {
  it('holds for whatever is sealed, whatever its texts look like', () => {
    const lookalikes = [
      ',"hash":"',
      `,"hash":"${'0'.repeat(64)}",`,
      '\\"hash\\":\\"',
      '"}',
      '\u2028',
      '\ud800',
    ];
    const anyText = fc.oneof(fc.string(), fc.constantFrom(...lookalikes));
    fc.assert(
      fc.property(
        fc.dictionary(anyText, fc.jsonValue()),
        anyText,
        anyText,
        (data, $correlationId, idempotencyKey) => {
          const refusedItems = [{ index: 0, refusal: { code: 'c', detail: idempotencyKey } }];
          const sealed = seal(canonicalJson(data), { $correlationId, idempotencyKey, refusedItems });
          expect(verifyStoredHash(sealed)).toBeUndefined();
        },
      ),
    );
  });

  it('finds a change of any byte of any part', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('data', 'metadata'),
        fc.nat(),
        fc.string({ maxLength: 2 }),
        (part, at, put) => {
          const text = event[part as 'data' | 'metadata'];
          const place = at % text.length;
          const changed = text.slice(0, place) + put + text.slice(place + 1);
          fc.pre(changed !== text);
          expect(verifyStoredHash({ ...event, [part]: changed })).toBeDefined();
        },
      ),
    );
    expect(verifyStoredHash({ ...event, revision: 8 })).toMatch(/its content has/);
    expect(verifyStoredHash({ ...event, stream: 'journal-led_2' })).toMatch(/its content has/);
    expect(verifyStoredHash({ ...event, type: 'Other' })).toMatch(/its content has/);
    expect(verifyStoredHash({ ...event, id: eventIds('x', 'k')(0) })).toMatch(/its content has/);
  });

  // What is lost when a text is parsed: each of these is read as the same value, or as another one by another reader.
  const spellings: readonly (readonly [string, Partial<StoredEvent>])[] = [
    ['a second member of one name', { data: '{"amount":"99","amount":"10","note":"a"}' }],
    ['a second member, escaped', { data: '{"amo\\u0075nt":"99","amount":"10","note":"a"}' }],
    ['a second member inside', { data: '{"amount":"10","note":{"b":1,"b":2}}' }],
    ['another order of members', { data: '{"note":"a","amount":"10"}' }],
    ['white space', { data: '{"amount": "10","note":"a"}' }],
    ['white space around', { data: '{"amount":"10","note":"a"} ' }],
    ['a text that is escaped without need', { data: '{"amount":"\\u0031\\u0030","note":"a"}' }],
    ['an escaped slash', { data: '{"amount":"10","note":"\\/"}' }],
    ['an escape in capitals', { data: '{"amount":"10","note":"\\u000F"}' }],
    ['a number with zeros', { data: '{"amount":1.0}' }],
    ['a number with an exponent', { data: '{"amount":1e1}' }],
    ['a negative zero', { data: '{"amount":-0}' }],
    ['a number that is too large', { data: '{"amount":1e999}' }],
    ['more digits than a number has', { data: '{"amount":9007199254740993}' }],
    ['two values', { data: '{"amount":"10"},"x":{}' }],
    ['no JSON', { data: '{"amount":' }],
    [
      'a second member of the metadata',
      { metadata: event.metadata.replace('"version"', '"version":2,"version"') },
    ],
    ['a second actor', { metadata: event.metadata.replace('"actor"', '"actor":"key_2","actor"') }],
    ['a second hash', { metadata: event.metadata.replace('"version"', '"hash":"x","version"') }],
    ['a hash that is elsewhere', { metadata: movedHash(event.metadata) }],
    ['a type that ends the text', { type: 'Booked","x":"' }],
    ['an id that is no UUID', { id: 'x' }],
  ];
  it.each(spellings)('refuses %s, also where the hash was recomputed', (_, change) => {
    const edited = { ...event, ...change };
    expect(verifyStoredHash(edited)).toBeDefined();
    expect(verifyStoredHash(resealed(edited))).toBeDefined();
  });

  it('says what is wrong', () => {
    expect(verifyStoredHash({ ...event, data: '{}' })).toMatch(/^its hash is [0-9a-f]{64}, its content has/);
    expect(verifyStoredHash(resealed({ ...event, data: '{"b":1,"a":1}' }))).toMatch(/not canonical JSON/);
    expect(verifyStoredHash({ ...event, metadata: '{}' })).toBe('its metadata has no hash in its place');
  });
});

describe('a hash of bytes', () => {
  const padding = '"hash":"é';
  function withBytes(event: StoredEvent): StoredEvent {
    const [before, data, metadata] = [padding, event.data, event.metadata].map((text) =>
      Buffer.from(text),
    ) as [Buffer, Buffer, Buffer];
    const dataEnd = before.length + data.length;
    const places = { dataStart: before.length, dataEnd, metadataStart: dataEnd };
    const metadataEnd = dataEnd + metadata.length;
    const source = Buffer.concat([before, data, metadata, Buffer.from(`,"hash":"${'0'.repeat(64)}",`)]);
    return {
      ...event,
      data: 'not looked at',
      metadata: 'nor this',
      bytes: { source, ...places, metadataEnd },
    };
  }

  it.each([
    ['the event', {}],
    ['other letters', { data: '{"amount":"10","note":"größte €😀"}', stream: 'journal-led_ü"' }],
    ['a large event', { data: `{"note":"${'ä'.repeat(100_000)}"}` }],
    ['no hash in the metadata', { metadata: '{}' }],
    ['a hash that ends the metadata', { metadata: `{"a":1,"hash":"${'0'.repeat(64)}"` }],
    ['a hash that is too short', { metadata: '{"a":1,"hash":"00","b":2}' }],
  ])('is that of the texts: %s', (_, change) => {
    const changed = { ...event, ...change };
    expect(recomputeHash(withBytes(changed))).toBe(recomputeHash(changed));
  });
});

function movedHash(metadata: string): string {
  const [member = ''] = /,"hash":"[0-9a-f]{64}"/.exec(metadata) ?? [];
  return `${metadata.replace(member, '').slice(0, -1)}${member}}`;
}
