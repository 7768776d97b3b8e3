import { globalPosition, revision } from '@fintech-ledger/event-store';
import { RecordUnreadable } from './errors';
import { decodeRecord, encodeRecord } from './record';
import type { IncomingRecord } from './record';

const event = {
  id: '0190b0a4-0000-7000-8000-000000000000',
  stream: 'journal-led_1',
  revision: revision(7),
  type: 'AccountOpened',
  data: '{"name":"Zürich \\"}, 💶"}',
  metadata: '{"actor":"system","traceparent":"00-1-2-01","version":1}',
  position: globalPosition('42'),
};
const record = encodeRecord(event);
const incoming = (changes: Partial<IncomingRecord> = {}): IncomingRecord => ({
  key: Buffer.from(record.key),
  value: Buffer.from(record.value),
  headers: Object.fromEntries(
    Object.entries(record.headers).map(([name, value]) => [name, Buffer.from(value)]),
  ),
  ...changes,
});

const noMarks = { epoch: 0, generation: 0 };

describe('an event as a Kafka record', () => {
  it('comes back byte for byte', () => {
    expect(decodeRecord(incoming())).toEqual({ ...event, ...noMarks, version: 1, traceparent: '00-1-2-01' });
  });

  it('says to which making of the topic, and in which history, it was sent, where that is not the first', () => {
    const { headers, ...record } = encodeRecord(event, undefined, { epoch: 2, generation: 1 });
    const sent = incoming({ headers });
    expect(decodeRecord(sent)).toMatchObject({ epoch: 2, generation: 1 });
    expect(record.value).toBe(encodeRecord(event).value);
    expect(Object.keys(encodeRecord(event).headers)).not.toContain('epoch');
  });

  it('is JSON for everybody else, with what a consumer routes by in its headers', () => {
    expect(JSON.parse(record.value)).toEqual({
      data: JSON.parse(event.data),
      metadata: JSON.parse(event.metadata),
      schema: 1,
    });
    expect(record.key).toBe('led_1');
    expect(record.headers).toMatchObject({
      id: event.id,
      stream: event.stream,
      revision: '7',
      type: 'AccountOpened',
      version: '1',
      traceparent: '00-1-2-01',
    });
  });

  it('says where in its trace it was sent, beside where it was made', () => {
    const { headers, value } = encodeRecord(event, '00-1-3-01');
    expect(headers).toMatchObject({ traceparent: '00-1-3-01' });
    expect(value).toBe(record.value);
    const { traceparent: _left, ...untraced } = incoming().headers ?? {};
    expect(decodeRecord(incoming({ headers: untraced }))).toEqual({ ...event, ...noMarks, version: 1 });
  });

  it.each<[string, Partial<IncomingRecord>, RegExp]>([
    ['without headers', { headers: {} }, /no header stream, so it is not ours/],
    ['with another key', { key: Buffer.from('led_2') }, /its key is "led_2", its stream journal-led_1/],
    ['without a key', { key: null }, /its key is ""/],
    ['without a value', { value: null }, /truncated or not ours/],
    ['cut short', { value: Buffer.from(record.value.slice(0, -20)) }, /truncated/],
    ['cut within its data', { value: Buffer.from(record.value.slice(0, 15)) }, /truncated/],
    [
      'of a newer schema',
      { value: Buffer.from(record.value.replace('"schema":1', '"schema":2')) },
      /another schema than 1: upgrade/,
    ],
    [
      'with a revision that is none',
      { headers: { ...incoming().headers, revision: Buffer.from('-1') } },
      /header revision is "-1"/,
    ],
  ])('is not read %s', (_, changes, reason) => {
    expect(() => decodeRecord(incoming(changes))).toThrow(RecordUnreadable);
    expect(() => decodeRecord(incoming(changes))).toThrow(reason);
  });
});
