import { ThreadHealth } from './thread-health';

describe('the health of a thread', () => {
  let now = 0;
  let health: ThreadHealth;

  beforeEach(() => {
    now = 0;
    health = new ThreadHealth(() => now);
  });

  it('is what it says of itself', () => {
    expect(health.problem()).toBeUndefined();
    health.heard('nothing was applied for 40 s');
    expect(health.problem()).toBe('nothing was applied for 40 s');
    health.heard(null);
    expect(health.problem()).toBeUndefined();
  });

  it('is bad when nothing is heard of it, and then it is dead', () => {
    now = 20_000;
    expect(health.problem()).toBe('nothing was heard of the projector thread for 20 s');
    expect(health.isDead).toBe(false);
    now = 61_000;
    expect(health.isDead).toBe(true);
    health.heard(null);
    expect([health.problem(), health.isDead]).toEqual([undefined, false]);
  });
});
