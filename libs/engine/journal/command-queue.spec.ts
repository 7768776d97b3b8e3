import type { Pending } from './batch';
import { CommandQueue } from './command-queue';
import { journalLimits } from './limits';

type Named = Pending<string>;
const pending = (actor: string, name: string, cost = 1): Named =>
  ({ envelope: { actor, command: name }, cost }) as unknown as Named;
const names = (group: readonly Named[]): string[] => group.map(({ envelope }) => envelope.command);

function queueOf(...commands: Named[]): CommandQueue<string> {
  const queue = new CommandQueue<string>(journalLimits);
  for (const command of commands) queue.put(command);
  return queue;
}

describe('the queue of a writer', () => {
  it('keeps the order of each caller', () => {
    const commands = Array.from({ length: 1_500 }, (_, i) => pending(i % 3 === 0 ? 'a' : 'b', String(i)));
    const queue = queueOf(...commands);
    const taken: Named[] = [];
    while (!queue.isEmpty) taken.push(...queue.take());
    expect(taken).toHaveLength(1_500);
    for (const actor of ['a', 'b']) {
      const of = (all: readonly Named[]) => names(all.filter(({ envelope }) => envelope.actor === actor));
      expect(of(taken)).toEqual(of(commands));
    }
  });

  it('lets callers take turns by what their commands cost', () => {
    const bulks = Array.from({ length: 40 }, (_, i) => pending('bulks', `bulk ${i}`, 10_000));
    const posts = Array.from({ length: 100 }, (_, i) => pending('posts', `post ${i}`));
    const queue = queueOf(...bulks, ...posts);
    const taken: Named[] = [];
    while (taken.filter(({ envelope }) => envelope.actor === 'posts').length < 100)
      taken.push(...queue.take());
    // The posts cost less together than one bulk.
    expect(names(taken).filter((name) => name.startsWith('bulk')).length).toBeLessThanOrEqual(1);
  });

  it('gives large commands their share too', () => {
    const queue = queueOf(pending('bulks', 'bulk', 2_000));
    for (let posts = 0; posts < 1_000; posts += 1) {
      queue.put(pending('posts', 'post'));
      queue.put(pending('posts', 'post'));
      if (names(queue.take()).includes('bulk')) return;
    }
    throw new Error('the bulk was never taken');
  });

  it('takes a group by its cost, one command at least', () => {
    const queue = queueOf(...Array.from({ length: 600 }, () => pending('a', 'post')));
    expect(queue.take()).toHaveLength(journalLimits.groupCostMax / 10);
    expect(queueOf(pending('a', 'bulk', 10_000), pending('a', 'post')).take()).toHaveLength(1);
  });

  it('takes first what was given back', () => {
    const queue = queueOf(pending('a', '1'), pending('a', '2'), pending('b', '3'));
    const group = queue.take();
    queue.put(pending('a', '4'));
    queue.putBack(group);
    expect(names(queue.take())).toEqual([...names(group), '4']);
    expect(queue.isEmpty).toBe(true);
  });

  it('takes what was given back in the order in which it was taken, whatever was given back when', () => {
    const [own, ...others] = [pending('a', 'own'), ...['1', '2', '3', '4'].map((name) => pending('a', name))];
    const queue = queueOf(...others);
    const group = queue.take();
    queue.putBack(group.slice(2));
    queue.putBack(group.slice(0, 1));
    queue.putBack(group.slice(1, 2));
    queue.put(pending('a', '5'));
    queue.putBack([own as Named]);
    expect(names(queue.take())).toEqual(['own', '1', '2', '3', '4', '5']);
  });

  it('is bounded by what waits costs, and one caller leaves room for the others', () => {
    const queue = queueOf();
    let bulks = 0;
    for (; queue.hasRoom('a', 10_000) && bulks < 1_000; bulks += 1) queue.put(pending('a', 'bulk', 10_000));
    expect(bulks).toBe(14);
    expect(queue.hasRoom('b', 10_000)).toBe(true);
    let posts = 0;
    for (; queue.hasRoom('b', 1) && posts < 100_000; posts += 1) queue.put(pending('b', 'post'));
    expect(posts).toBeGreaterThan(5_000);
    expect(posts).toBeLessThan(6_000);
    expect(queue.clear()).toHaveLength(bulks + posts);
    expect(queue.hasRoom('a', 1_000_000)).toBe(true);
  });
});
