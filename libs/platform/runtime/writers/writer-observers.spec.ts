import { Alarms } from '@fintech-ledger/health';
import { silentObserver, WriterUnavailable } from '@fintech-ledger/journal';
import { BrokenInvariant } from '@fintech-ledger/contract';
import { writerAlarms } from './writer-observers';

describe('writerAlarms', () => {
  it('says which stream has no writer, and why, until it has one again', () => {
    const alarms = new Alarms();
    const stopped: string[] = [];
    const observer = writerAlarms(alarms, {
      ...silentObserver,
      stopped: (stream) => void stopped.push(stream),
    });
    observer.stopped('journal-led_1', new BrokenInvariant('debits differ from credits at 7'));
    observer.stopped('journal-led_2', new WriterUnavailable('the lease is lost'));
    expect(stopped).toEqual(['journal-led_1', 'journal-led_2']);
    expect(alarms.list()).toMatchObject([{ check: 'streams', subject: 'journal-led_1' }]);
    expect(alarms.list()[0]?.reason).toContain('debits differ from credits at 7');
    observer.loaded('journal-led_1', 7, 8, 1);
    expect(alarms.list()).toEqual([]);
  });

  it('says of which call nothing is known after several attempts, until something is, or another writer asks', () => {
    const alarms = new Alarms();
    const told: string[] = [];
    const observer = writerAlarms(alarms, {
      ...silentObserver,
      effectFailed: ({ key }, reason) => told.push(`${key} ${reason}`),
      effectRecorded: ({ key }) => told.push(key),
    });
    const call = (key: string, attempt: number) => {
      const of = {
        module: 'carrier',
        kind: 'ask',
        data: {},
        stream: 'journal-led_1',
        organizationId: 'org_1',
      };
      return { ...of, key, attempt };
    };
    observer.effectFailed(call('p1', 2), 'silent');
    expect(alarms.list()).toEqual([]);
    observer.effectFailed(call('p1', 3), 'silent');
    observer.effectFailed(call('p2', 7), 'refused');
    expect(alarms.list()).toMatchObject([{ check: 'effects', subject: 'journal-led_1' }]);
    expect(alarms.list()[0]?.reason).toContain('ask p2 of carrier after 7 attempts: refused');
    observer.effectRecorded(call('p2', 8));
    expect(alarms.list()).toHaveLength(1);
    observer.effectRecorded(call('p1', 4));
    expect(alarms.list()).toEqual([]);
    observer.effectFailed(call('p3', 3), 'silent');
    observer.stopped('journal-led_1', new WriterUnavailable('the lease is lost'));
    expect(alarms.list()).toEqual([]);
    expect(told).toEqual(['p1 silent', 'p1 silent', 'p2 refused', 'p2', 'p1', 'p3 silent']);
  });
});
