import { OwnersSeen } from './owners-seen';

describe('owners that ask for something', () => {
  let now = 0;
  const seen = (...owners: readonly string[]): OwnersSeen => {
    const all = new OwnersSeen(() => now);
    for (const owner of owners) all.note(owner);
    return all;
  };

  it.each([
    ['nobody', [], false],
    ['one', ['a', 'a'], false],
    ['two', ['a', 'b'], true],
    ['two, of which one asks far more often', ['a', 'a', 'b', 'a', 'a'], true],
  ])('are several or not: %s', (_what, owners, areSeveral) => {
    expect(seen(...owners).areSeveral).toBe(areSeveral);
  });

  it('are one again a second after the other one asked last', () => {
    const all = seen('a', 'b', 'a');
    now += 999;
    expect(all.areSeveral).toBe(true);
    all.note('a');
    now += 1;
    expect(all.areSeveral).toBe(false);
  });
});
