import { WriterMemory } from './writer-memory';
import type { MemoryHolder } from './writer-memory';

interface Held {
  cached: number;
  unsaved: number;
  isIdle: boolean;
  usedAtMs: number;
}

function memoryOf(bytesMax: number) {
  const clock = { nowMs: 0 };
  const memory = new WriterMemory(bytesMax, () => clock.nowMs);
  const evicted: string[] = [];
  const saved: string[] = [];
  const add = (name: string, given: Partial<Held>): Held & { isStopped: boolean } => {
    const held = { cached: 0, unsaved: 0, isIdle: true, usedAtMs: 0, isStopped: false, ...given };
    const holder: MemoryHolder = {
      get isStopped() {
        return held.isStopped;
      },
      get isIdle() {
        return held.isIdle;
      },
      get usedAtMs() {
        return held.usedAtMs;
      },
      held: () => ({ decided: 0, unsaved: held.unsaved, cached: held.cached, due: 0 }),
      evict() {
        evicted.push(name);
        held.cached = 0;
      },
      save: () => saved.push(name),
    };
    memory.add(holder);
    return held;
  };
  return { memory, clock, add, evicted, saved };
}

describe('the memory that the writers of a process share', () => {
  it('lets go the caches of idle writers first, the least used one before others, and no more than it must', () => {
    const { memory, add, evicted } = memoryOf(1_000);
    add('busy', { cached: 300, isIdle: false, usedAtMs: 1 });
    add('new', { cached: 300, usedAtMs: 3 });
    add('old', { cached: 250, usedAtMs: 2 });
    memory.look();
    expect(evicted).toEqual(['old']);
    expect(memory.hasRoom(400)).toBe(true);
  });

  it('lets go those of busy writers when that is not enough', () => {
    const { memory, add, evicted } = memoryOf(1_000);
    add('busy', { cached: 600, isIdle: false });
    add('idle', { cached: 100, unsaved: 200 });
    memory.look();
    expect(evicted).toEqual(['idle', 'busy']);
  });

  it('has no room for commands when nothing more can be let go, until something is saved', () => {
    const { memory, clock, add, saved } = memoryOf(1_000);
    const held = add('dirty', { cached: 100, unsaved: 900 });
    add('clean', {});
    memory.look();
    expect(saved).toEqual(['dirty']);
    expect(memory.hasRoom(200)).toBe(false);
    expect(memory.hasRoom(50)).toBe(true);
    [held.unsaved, held.cached] = [0, 900];
    // It is looked at again when it is asked for, and not at each command.
    expect(memory.hasRoom(200)).toBe(false);
    clock.nowMs += 100;
    expect(memory.hasRoom(200)).toBe(true);
  });

  it('counts what waits exactly, and forgets writers that have stopped', () => {
    const { memory, clock, add } = memoryOf(1_000);
    const held = add('one', { unsaved: 500 });
    memory.queue(400);
    memory.look();
    expect(memory.hasRoom(101)).toBe(false);
    memory.queue(-400);
    expect(memory.hasRoom(101)).toBe(true);
    held.isStopped = true;
    clock.nowMs += 100;
    expect(memory.hasRoom(1_000)).toBe(true);
  });
});
