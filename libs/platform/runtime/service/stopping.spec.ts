import { stopInOrder } from './stopping';
import type { Closer } from './stopping';

const never = (): Promise<never> => new Promise(() => undefined);

interface Line {
  readonly level: string;
  readonly facts: object;
}

async function stopped(closers: readonly Closer[], allMs?: number) {
  const lines: Line[] = [];
  const logAs = (level: string) => (facts: object) => void lines.push({ level, facts });
  const log = { info: logAs('info'), warn: logAs('warn'), error: logAs('error'), fatal: logAs('fatal') };
  const cut = await stopInOrder(closers, log, performance.now(), allMs);
  return { cut, lines };
}

describe('parts that are closed in order', () => {
  it('are closed one after the other', async () => {
    const order: string[] = [];
    const closer = (name: string): Closer => ({
      name,
      close: async () => {
        order.push(`${name} begins`);
        await Promise.resolve();
        order.push(`${name} ends`);
      },
    });
    const { cut, lines } = await stopped([closer('api'), closer('database')]);
    expect(order).toEqual(['api begins', 'api ends', 'database begins', 'database ends']);
    expect(cut).toEqual([]);
    expect(lines.map(({ level }) => level)).toEqual(['info']);
  });

  it('are left when they hang: the next one is closed, and a line says what was under way', async () => {
    let isClosed = false;
    const underWay = (): object => ({ commands: 3 });
    const { cut, lines } = await stopped([
      { name: 'writers', close: never, msMax: 20, underWay },
      { name: 'database', close: () => Promise.resolve((isClosed = true)) },
    ]);
    expect(cut).toEqual(['writers']);
    expect(isClosed).toBe(true);
    expect(lines).toEqual([
      { level: 'warn', facts: { part: 'writers', ms: 20, commands: 3 } },
      { level: 'error', facts: { cut: ['writers'], ms: expect.any(Number) as number } },
    ]);
  });

  it('are given what is left of the time, less than what those after them need', async () => {
    const given: number[] = [];
    const take = (withinMs: number): Promise<void> => Promise.resolve(void given.push(withinMs));
    await stopped(
      [
        { name: 'api', close: take },
        { name: 'Postgres', close: take, reserveMs: 2_000 },
        { name: 'folder', close: take },
      ],
      9_500,
    );
    expect(given[0]).toBeGreaterThan(2_000);
    expect(given[0]).toBeLessThanOrEqual(9_500 - 2_000);
    expect(given[2]).toBeLessThanOrEqual(9_500);
  });

  it('fail without keeping the others', async () => {
    const fail = (): Promise<never> => Promise.reject(new Error('no'));
    const { cut } = await stopped([
      { name: 'relay', close: fail },
      { name: 'database', close: () => Promise.resolve() },
    ]);
    expect(cut).toEqual(['relay']);
  });
});
