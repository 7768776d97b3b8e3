import { Alarms } from '@fintech-ledger/health';
import { revision } from '@fintech-ledger/event-store';
import { AnswerUnavailable, WriterUnavailable } from '@fintech-ledger/journal';
import type { CreateFirstKey, CreateFirstKeys } from '@fintech-ledger/installation';
import { firstKeyInTime, firstKeyOrLater } from './first-key';

const name = 'api-key';
const creating = (create: CreateFirstKey): CreateFirstKeys => ({
  'api-key': create,
  'sandbox-api-key': create,
});

describe('firstKeyOrLater', () => {
  it('lets the process come up without a writer, and makes the key when there is one', async () => {
    const alarms = new Alarms();
    let isWritable = false;
    const create = (): Promise<string> =>
      isWritable ? Promise.resolve('sk_1') : Promise.reject(new WriterUnavailable('no writer is running'));
    const { signal } = new AbortController();
    const made = new Promise<string>((resolve) => {
      void firstKeyOrLater({
        folder: undefined,
        create: creating(create),
        name,
        alarms,
        signal,
        onMade: resolve,
      }).then((key) => {
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
      await firstKeyOrLater({
        folder: undefined,
        create: creating(create),
        name,
        alarms,
        signal,
        onMade: () => undefined,
      }),
    ).toBeUndefined();
    stopping.abort();
    expect(alarms.list()).toMatchObject([{ check: 'writes' }]);
  });

  it('hides no other error', async () => {
    const create = () => Promise.reject(new Error('the first organization could not be made'));
    const options = {
      folder: undefined,
      create: creating(create),
      name,
      alarms: new Alarms(),
      onMade: () => undefined,
    } as const;
    const { signal } = new AbortController();
    await expect(firstKeyOrLater({ ...options, signal })).rejects.toThrow('could not be made');
  });
});

describe('firstKeyInTime', () => {
  const failing = (times: number) => {
    const create = (): Promise<string> =>
      (create.calls += 1) > times
        ? Promise.resolve('sk_1')
        : Promise.reject(new WriterUnavailable('it has not decided in time'));
    create.calls = 0;
    return create;
  };

  it('tries again while the key can not be stored', async () => {
    const { signal } = new AbortController();
    const create = failing(3);
    const times = { msMax: 60_000, pauseMs: 1 };
    expect(await firstKeyInTime({ folder: undefined, create: creating(create), name, signal }, times)).toBe(
      'sk_1',
    );
    expect(create.calls).toBe(4);
  });

  it.each([
    ['the time is over', { msMax: 0, pauseMs: 1 }, new AbortController().signal],
    ['the process is stopping', { msMax: 60_000, pauseMs: 1 }, AbortSignal.abort()],
  ])('says so when %s', async (_when, times, signal) => {
    const create = failing(1);
    const options = { folder: undefined, create: creating(create), name, signal } as const;
    await expect(firstKeyInTime(options, times)).rejects.toThrow("The first API key can't be stored");
    expect(create.calls).toBe(1);
  });

  it('hides no other error', async () => {
    const create = () => Promise.reject(new Error('the first organization could not be made'));
    const { signal } = new AbortController();
    await expect(
      firstKeyInTime({ folder: undefined, create: creating(create), name, signal }),
    ).rejects.toThrow('could not be made');
  });
});
