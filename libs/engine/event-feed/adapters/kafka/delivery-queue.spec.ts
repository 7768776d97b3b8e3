import { BrokenInvariant } from '@fintech-ledger/contract';
import { DeliveryQueue } from './delivery-queue';
import type { Delivery } from './delivery-queue';

const delivery: Delivery = { partition: 0, events: [], nextOffset: 1n, epoch: 0, settle: () => undefined };

it('has one reader', async () => {
  const queue = new DeliveryQueue();
  const first = queue.take(10);
  await expect(queue.take(10)).rejects.toThrow(BrokenInvariant);
  queue.put(delivery);
  expect(await first).toEqual([delivery]);
});
