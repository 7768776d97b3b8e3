import { DatabaseError } from '@fintech-ledger/postgres';
import { WriteFailed } from './errors';
import { apartFailuresMax } from './limits';
import { writeApart } from './write-apart';

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `s${at}`);

/** A batch of streams of which some can't be written. */
function batch(poison: ReadonlySet<string>, room = Infinity) {
  const halted = new Set<string>();
  const written = new Set<string>();
  const counts = { writes: 0, failures: 0 };
  const apart = {
    write(streams: readonly string[]): Promise<void> {
      counts.writes += 1;
      const going = streams.filter((stream) => !halted.has(stream));
      if (going.some((stream) => poison.has(stream))) {
        counts.failures += 1;
        const cause = new DatabaseError('out of range', '22003');
        return Promise.reject(new WriteFailed('balances', cause));
      }
      for (const stream of going) written.add(stream);
      return Promise.resolve();
    },
    halt(streams: readonly string[]): Promise<void> {
      for (const stream of streams) halted.add(stream);
      return Promise.resolve();
    },
    hasRoomFor: (streams: number) => halted.size + streams <= room,
  };
  return { apart, halted, written, counts };
}

describe('a batch that can not be written whole', () => {
  it('halts exactly the stream that can not be written', async () => {
    const { apart, halted, written, counts } = batch(new Set(['s17']));
    await writeApart(names(1_000), apart);
    expect([...halted]).toEqual(['s17']);
    expect(written.size).toBe(999);
    expect(counts.failures).toBeLessThanOrEqual(11);
  });

  it('costs a bounded number of writes, however many streams can not be written', async () => {
    const all = names(1_000);
    const poison = new Set(all.filter((_, at) => at % 2 === 0));
    const { apart, halted, written, counts } = batch(poison);
    await writeApart(all, apart);
    expect(counts.failures).toBeLessThanOrEqual(2 * apartFailuresMax);
    expect(counts.writes).toBeLessThanOrEqual(4 * apartFailuresMax);
    for (const stream of poison) expect(halted.has(stream)).toBe(true);
    expect(halted.size + written.size).toBe(all.length);
  });

  it('searches on where too many would be halted without need', async () => {
    const all = names(400);
    const poison = new Set(all.filter((_, at) => at % 2 === 0));
    const { apart, halted } = batch(poison, 0);
    await writeApart(all, apart);
    expect(halted).toEqual(poison);
  });

  it('passes on what is no fault of its events', async () => {
    const { apart } = batch(new Set());
    const write = (): Promise<never> => Promise.reject(new Error('the disk is full'));
    await expect(writeApart(names(10), { ...apart, write })).rejects.toThrow('the disk is full');
  });
});
