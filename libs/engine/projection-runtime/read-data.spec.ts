import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { olderParcelEvents, parcelEvents } from '../../testing/parcels/parcel-events';
import { PoisonEvent } from './errors';
import { readData } from './read-data';

const folder = path.join(__dirname, '../../testing/parcels/golden');
const text = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
const [recorded] = JSON.parse(text('recorded-v1.json')) as [RecordedEvent];
const newer = { ...recorded, data: text('ParcelSent-v2.example.json') };

describe('readData', () => {
  it('reads every version as the newest one', () => {
    expect(readData(recorded, parcelEvents, 1)).toEqual({ grams: 2_000, parcelId: 'a', service: 'standard' });
    expect(readData(newer, parcelEvents, 2)).toEqual(JSON.parse(newer.data));
    expect(readData(recorded, olderParcelEvents, 1)).toEqual({ kilograms: 2, parcelId: 'a' });
  });

  it('of an older projector refuses a version that it does not know, and says what to do', () => {
    const read = () => readData(newer, olderParcelEvents, 2);
    expect(read).toThrow(PoisonEvent);
    expect(read).toThrow('(ParcelSent, ');
    expect(read).toThrow('version 2 of its type is not known: upgrade this process');
  });

  it('puts U+FFFD in the place of what Postgres can not hold, which earlier releases recorded', () => {
    const half = { ...recorded, data: '{"kilograms":2,"parcelId":"a\\ud83d\\u0000\\\\ud83d"}' };
    expect(readData(half, olderParcelEvents, 1)).toEqual({ kilograms: 2, parcelId: 'a\ufffd\ufffd\\ud83d' });
  });

  it('checks the fields of the version that was recorded', () => {
    expect(() => readData({ ...recorded, data: newer.data }, parcelEvents, 1)).toThrow(
      'its data has no kilograms',
    );
  });
});
