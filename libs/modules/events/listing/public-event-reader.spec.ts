import type { Acknowledged } from '@fintech-ledger/http';
import type { Standing } from '../read-model/standing';
import { PublicEventSight } from './public-event-reader';

const organizationId = 'org_1';
const nothing: Standing = { behind: [], halted: undefined };

/** What this process has acknowledged: two ledgers of the organization, one of another. */
const acknowledged = {
  organizations: { wanted: () => 4 },
  ledgers: {
    wanted: (ledger: string) => ({ led_1: 7, led_2: 9 })[ledger],
    outstanding: (of: string) =>
      of === organizationId
        ? [
            { owner: 'led_1', revision: 7 },
            { owner: 'led_2', revision: 9 },
          ]
        : [{ owner: 'led_foreign', revision: 5 }],
  },
} as unknown as Acknowledged;

function sightOf(standing: Standing, reached: (stream: string) => number, halted?: string) {
  const waited: string[] = [];
  const queries = {
    standing: () => Promise.resolve(standing),
    haltedReason: () => Promise.resolve(halted),
    waitFor: (stream: string, revision: number) => {
      waited.push(`${stream}@${revision}`);
      return Promise.resolve(reached(stream) >= revision);
    },
  };
  return { sight: new PublicEventSight(queries, acknowledged), waited };
}

describe('who reads public events', () => {
  it('waits for what this process acknowledged of the organization and its ledgers, and no other', async () => {
    const { sight, waited } = sightOf(nothing, () => 9);
    await sight.reach({ organizationId });
    expect(waited).toEqual(['org-org_1@4', 'journal-led_1@7', 'journal-led_2@9']);
  });

  it('waits for one ledger alone where only that is asked for', async () => {
    const { sight, waited } = sightOf(nothing, () => 9);
    await sight.reach({ organizationId, ledgerId: 'led_2' });
    expect(waited).toEqual(['journal-led_2@9']);
  });

  it('waits for the position that is given instead, of the organization or of a ledger', async () => {
    for (const [owner, stream] of [
      ['org_1', 'org-org_1@2'],
      ['led_2', 'journal-led_2@2'],
    ] as const) {
      const { sight, waited } = sightOf(nothing, () => 9);
      await sight.reach({ organizationId, minPosition: { owner, revision: 2 } });
      expect(waited).toEqual([stream]);
    }
  });

  it('is told that the events are behind what other read models have', async () => {
    const standing = { ...nothing, behind: [{ stream: 'journal-led_1', revision: 8 }] };
    const { sight } = sightOf(standing, (stream) => (stream === 'journal-led_1' ? 7 : 9));
    await expect(sight.reach({ organizationId })).rejects.toThrow('have not reached led_1@8 yet');
    await expect(sight.reach({ organizationId, ledgerId: 'led_2' })).resolves.toBeUndefined();
    await expect(sight.reach({ organizationId, isEventual: true })).resolves.toBeUndefined();
  });

  it('is told why they are halted, also when he takes what there is', async () => {
    const { sight } = sightOf({ ...nothing, halted: 'event 3 contradicts it' }, () => 9);
    await expect(sight.reach({ organizationId, isEventual: true })).rejects.toThrow('event 3 contradicts it');
    const { sight: ofLedger } = sightOf(nothing, () => 9, 'event 5 contradicts it');
    await expect(ofLedger.reach({ organizationId, ledgerId: 'led_1' })).rejects.toThrow('event 5');
  });
});
