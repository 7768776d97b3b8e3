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
});
