import { Alarms } from '@fintech-ledger/health';
import { revision } from '@fintech-ledger/event-store';
import { AnswerUnavailable, WriterUnavailable } from '@fintech-ledger/journal';
import { firstKeyOrLater } from './first-key';

describe('firstKeyOrLater', () => {
  it('lets the process come up without a writer, and makes the key when there is one', async () => {
    const alarms = new Alarms();
    let isWritable = false;
    const create = (): Promise<string> =>
      isWritable ? Promise.resolve('sk_1') : Promise.reject(new WriterUnavailable('no writer is running'));
    const { signal } = new AbortController();
    const made = new Promise<string>((resolve) => {
      void firstKeyOrLater({ folder: undefined, create, alarms, signal, onMade: resolve }).then((key) => {
        expect(key).toBeUndefined();
        expect(alarms.list()).toMatchObject([{ check: 'writes', subject: 'first API key' }]);
        isWritable = true;
      });
    });
    expect(await made).toBe('sk_1');
    expect(alarms.list()).toEqual([]);
  });

  it('comes up while the answer of a key that was made before can not be read', async () => {
    const alarms = new Alarms();
    const stopping = new AbortController();
    const create = () =>
      Promise.reject(new AnswerUnavailable('org-org_1', revision(3), 'the store is unavailable'));
    const { signal } = stopping;
    expect(
      await firstKeyOrLater({ folder: undefined, create, alarms, signal, onMade: () => undefined }),
    ).toBeUndefined();
    stopping.abort();
    expect(alarms.list()).toMatchObject([{ check: 'writes' }]);
  });

  it('hides no other error', async () => {
    const create = () => Promise.reject(new Error('the first organization could not be made'));
    const options = { folder: undefined, create, alarms: new Alarms(), onMade: () => undefined };
    const { signal } = new AbortController();
    await expect(firstKeyOrLater({ ...options, signal })).rejects.toThrow('could not be made');
  });
});
