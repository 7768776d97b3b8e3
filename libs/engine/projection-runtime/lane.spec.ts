import { BrokenInvariant } from '@fintech-ledger/contract';
import { Lane } from './lane';
import type { LaneOptions } from './lane-options';

it('writes one batch at a time', async () => {
  let commit = (): void => undefined;
  const db = { transaction: () => new Promise<void>((resolve) => (commit = resolve)) };
  const options = { db, observer: {}, followed: [], feed: { open: () => ({}) } };
  const lane = new Lane(options as unknown as LaneOptions<unknown>) as unknown as {
    write(folded: object): Promise<void>;
  };
  const folded = { parts: [], halts: [], token: '1' };
  const first = lane.write(folded);
  await expect(lane.write(folded)).rejects.toThrow(BrokenInvariant);
  commit();
  await first;
  const next = lane.write(folded);
  commit();
  await next;
});
