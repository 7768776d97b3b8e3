import type { Sql } from '@fintech-ledger/postgres';
import { FairTurns, queriesInTurns, TurnsTaken } from './fair-turns';

const options = { of: 'tests', runningMax: 2, runningOfOwnerMax: 1, waitingOfOwnerMax: 3, waitMsMax: 60_000 };

/** Work that ends when it is told to. */
function opened(): {
  readonly started: string[];
  work: (name: string) => () => Promise<string>;
  end(name: string): void;
} {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    started,
    work: (name) => () => {
      started.push(name);
      return new Promise((resolve) => ends.set(name, () => resolve(name)));
    },
    end: (name) => ends.get(name)?.(),
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('queries that say whose they are', () => {
  it('have the turns of their owner', async () => {
    const turns = new FairTurns(options);
    const { started, work, end } = opened();
    const sql = {
      query: (text: string) => work(text)(),
      copyFrom: () => Promise.reject(new Error('not asked for')),
    } as unknown as Sql;
    const queries = queriesInTurns(turns, sql, (db) => ({
      list: async (owner: string, page: number) => db.query(`${owner}${page}`),
    }));
    const all = [queries.list('a', 1), queries.list('a', 2), queries.list('b', 1)];
    await settled();
    expect(started).toEqual(['a1', 'b1']);
    for (const name of ['a1', 'b1']) end(name);
    await settled();
    end('a2');
    expect(await Promise.all(all)).toEqual(['a1', 'a2', 'b1']);
  });
});

describe('expensive work', () => {
  it('of one owner leaves a place to the others', async () => {
    const turns = new FairTurns(options);
    const { started, work, end } = opened();
    const all = ['a1', 'a2', 'a3', 'b1'].map((name) => turns.run(name[0] ?? '', work(name)));
    await settled();
    expect(started).toEqual(['a1', 'b1']);
    for (const name of ['a1', 'a2', 'b1', 'a3']) {
      end(name);
      await settled();
    }
    expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 'b1']);
  });

  it('of one owner is less while others are there', async () => {
    let areSeveral = true;
    const turns = new FairTurns({
      ...{ ...options, runningMax: 5, runningOfOwnerMax: 3, runningOfOwnerBesideOthersMax: 1 },
      areSeveral: () => areSeveral,
    });
    const { started, work, end } = opened();
    const names = ['a1', 'a2', 'a3', 'a4', 'b1'];
    const all = names.map((name) => turns.run(name[0] ?? '', work(name)));
    await settled();
    expect(started).toEqual(['a1', 'b1']);
    areSeveral = false;
    end('a1');
    await settled();
    expect(started).toEqual(['a1', 'b1', 'a2', 'a3', 'a4']);
    for (const name of names) end(name);
    await Promise.all(all);
  });

  it('lets owners take turns, however many of one wait', async () => {
    const turns = new FairTurns({ ...options, runningMax: 1 });
    const { started, work, end } = opened();
    const names = ['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2'];
    const all = names.map((name) => turns.run(name[0] ?? '', work(name)));
    for (let count = 0; count < names.length; count += 1) {
      await settled();
      end(started[count] ?? '');
    }
    await Promise.all(all);
    expect(started).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
  });

  it('is refused where too much of its owner waits, or it waits too long', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    try {
      const turns = new FairTurns(options);
      const { started, work, end } = opened();
      const first = turns.run('a', work('a1'));
      const waiting = ['a2', 'a3', 'a4'].map((name) =>
        turns.run('a', work(name)).catch((error: unknown) => error),
      );
      await expect(turns.run('a', work('a5'))).rejects.toThrow(TurnsTaken);
      jest.advanceTimersByTime(options.waitMsMax);
      for (const outcome of await Promise.all(waiting)) expect(outcome).toBeInstanceOf(TurnsTaken);
      end('a1');
      await first;
      const next = turns.run('a', work('a6'));
      await settled();
      end('a6');
      await next;
      expect(started).toEqual(['a1', 'a6']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('that fails gives its place to the next one', async () => {
    const turns = new FairTurns({ ...options, runningMax: 1 });
    const failing = turns.run('a', () => Promise.reject(new Error('broken')));
    const next = turns.run('b', () => Promise.resolve('served'));
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('served');
  });
});
