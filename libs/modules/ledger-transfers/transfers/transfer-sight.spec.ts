import type { Acknowledged, ApiRequest } from '@fintech-ledger/http';
import type { TransferStanding } from '../read-model/queries';
import { behindMax } from '../read-model/standing';
import { TransferSight } from './transfer-sight';

const organizationId = 'org_1';
const request = { headers: {}, principal: { organizationId } } as unknown as ApiRequest;

/** Ledgers of which the read model of accounts has more, by their ids. */
function world(behind: readonly string[]) {
  const missing = new Set(behind);
  const asked: string[] = [];
  const waited: string[] = [];
  const standing = (ledgers: readonly string[]): Promise<TransferStanding> => {
    const found = ledgers.filter((ledger) => missing.has(ledger)).slice(0, behindMax);
    return Promise.resolve({
      behind: found.map((ledger) => ({ stream: `journal-${ledger}`, revision: 7 })),
      halted: undefined,
    });
  };
  const queries = {
    standing(_organization: string, ledgers: readonly string[]) {
      asked.push(...ledgers);
      return standing(ledgers);
    },
    standingOfAll: () => standing([...missing]),
    haltedLedger: () => Promise.resolve(undefined),
    waitFor(stream: string) {
      waited.push(stream);
      return Promise.resolve(missing.delete(stream.slice('journal-'.length)) || true);
    },
  };
  const acknowledged = {
    ledgers: {
      outstanding: (of: string) =>
        of === organizationId ? [{ owner: 'led_mine', revision: 3 }] : [{ owner: 'led_other', revision: 4 }],
    },
  } as unknown as Acknowledged;
  const directory = { belongs: () => Promise.resolve(true) };
  const organizations = { waitFor: () => Promise.resolve(true) };
  return { asked, waited, sight: new TransferSight(queries, organizations, directory, acknowledged) };
}
const many = Array.from({ length: 250 }, (_, i) => `led_${i}`);

describe('what a reader of transfers may expect', () => {
  it('is looked at in the ledger of the transfer alone, however many others are behind', async () => {
    const { asked, sight, waited } = world(many);
    const reader = sight.askedByCommand(request);
    expect(await sight.reach(reader, ['led_249'])).toBe(true);
    expect([asked, waited]).toEqual([['led_249'], ['journal-led_249']]);
    expect(await sight.reach(reader, ['led_249'])).toBe(false);
    expect(await sight.reach(reader, ['led_mine'])).toBe(true);
    expect(waited).toEqual(['journal-led_249', 'journal-led_mine']);
  });

  it('is what was acknowledged here of the organization, before all its ledgers are listed', async () => {
    const { asked, sight, waited } = world(many);
    await sight.reachWritten(sight.askedByCommand(request));
    expect([asked, waited]).toEqual([[], ['journal-led_mine']]);
  });

  it('is in every ledger where it is to be said that there is no transfer, and not in the first hundred', async () => {
    const { sight, waited } = world(many);
    await sight.reachAll(sight.askedByCommand(request));
    expect(waited.filter((stream) => stream !== 'journal-led_mine')).toHaveLength(many.length);
  });

  it('is nothing where what there is will do', async () => {
    const { sight, waited } = world(many);
    const reader = { ...sight.askedByCommand(request), isEventual: true };
    expect(await sight.reach(reader, ['led_1'])).toBe(false);
    await sight.reachAll(reader);
    expect(waited).toEqual([]);
  });
});
