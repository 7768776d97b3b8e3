import { AcknowledgedPositions } from './around-the-gateway';

function positions(max: number, reached: ReadonlyMap<string, number> | 'unavailable') {
  return new AcknowledgedPositions(
    {
      hasReached: (owner, revision) =>
        reached === 'unavailable'
          ? Promise.reject(new Error('the database is unavailable'))
          : Promise.resolve((reached.get(owner) ?? -1) >= revision),
      headOf: (owner) => Promise.resolve(owner === 'led_0' ? { revision: 40, recordedMs: 1_000 } : undefined),
    },
    max,
  );
}

const sweptOut = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('AcknowledgedPositions', () => {
  it('wants the last that was acknowledged, until the read models have been seen at it', () => {
    const acknowledged = positions(10, new Map());
    expect(acknowledged.wanted('led_1')).toBeUndefined();
    acknowledged.note('led_1', 7, 'org_1');
    acknowledged.note('led_1', 5, 'org_1');
    acknowledged.note('led_2', -1, 'org_1');
    expect(acknowledged.wanted('led_1')).toBe(7);
    expect(acknowledged.wanted('led_2')).toBeUndefined();
    acknowledged.seen('led_1', 6);
    expect(acknowledged.wanted('led_1')).toBe(7);
    acknowledged.note('led_1', 8, 'org_1');
    acknowledged.seen('led_1', 7);
    expect(acknowledged.wanted('led_1')).toBe(8);
    acknowledged.seen('led_1', 8);
    expect(acknowledged.wanted('led_1')).toBeUndefined();
  });

  it('forgets on its own what the read models have, before there are too many', async () => {
    const reached = new Map([...Array(50).keys()].map((n) => [`led_${n}`, n === 3 ? 0 : 1] as const));
    const acknowledged = positions(50, reached);
    for (let n = 0; n < 50; n += 1) {
      acknowledged.note(`led_${n}`, 1, 'org_1');
      await sweptOut();
    }
    expect(acknowledged.outstanding('org_1').length).toBeLessThanOrEqual(26);
    expect(acknowledged.wanted('led_3')).toBe(1);
    expect(acknowledged.wanted('led_1')).toBeUndefined();
  });

  it('says what is outstanding of one organization, and counts what nobody asked for here', async () => {
    const acknowledged = positions(10, 'unavailable');
    acknowledged.note('led_1', 7, 'org_1');
    acknowledged.note('led_2', 8, 'org_2');
    for (const owner of ['led_0', 'led_3']) await acknowledged.noteHead(owner, 'org_1', 1_000);
    expect(acknowledged.outstanding('org_1')).toEqual([
      { owner: 'led_1', revision: 7 },
      { owner: 'led_0', revision: 40 },
    ]);
    expect(acknowledged.outstanding('org_2')).toEqual([{ owner: 'led_2', revision: 8 }]);
    const untouched = positions(10, 'unavailable');
    await untouched.noteHead('led_0', 'org_1', 1_001);
    expect(untouched.outstanding('org_1')).toEqual([]);
  });

  it('has who was forgotten too early be at the head of his journal', async () => {
    const acknowledged = positions(10, 'unavailable');
    for (let n = 0; n < 20; n += 1) acknowledged.note(`led_${n}`, n, 'org_1');
    await sweptOut();
    expect(acknowledged.outstanding('org_1').length).toBe(10);
    expect(acknowledged.wanted('led_19')).toBe(19);
    expect(await acknowledged.wanted('led_0')).toBe(40);
  });
});
