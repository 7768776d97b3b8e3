import { revision, StoreUnavailable } from '@fintech-ledger/event-store';
import { CommandOutcomeUnknown, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandOutcome } from '@fintech-ledger/journal';
import { PaymentsLedgers } from './payments-ledgers';

const organizationId = 'org_1';
const created = { created_at: '2026-01-05T12:00:00.000Z', id: 'led_1', position: 'org_1@3' };

/** Of an environment whose ledger was made at 3, and that has come to 9. @param error with which its writer fails then */
function ledgersOf(error?: Error): PaymentsLedgers {
  const submit = ({ dryRun }: CommandEnvelope): Promise<CommandOutcome> => {
    if (dryRun === true && error !== undefined) return Promise.reject(error);
    const at = revision(dryRun === true ? 9 : 3);
    return Promise.resolve({
      kind: 'accepted',
      answer: JSON.stringify(created),
      revision: at,
      replayed: false,
    });
  };
  return new PaymentsLedgers({ submit }, { remember: () => undefined });
}

describe('the payments ledger of an environment', () => {
  it('is read with what the environment has come to', async () => {
    const read = await ledgersOf().at({ organizationId }, 'req_1');
    expect(read).toMatchObject({ result: { id: 'led_1' }, revision: 9 });
  });

  it.each([
    new WriterUnavailable('nobody is there', 1),
    new StoreUnavailable('connect ECONNREFUSED'),
    new CommandOutcomeUnknown('the writer has ended'),
  ])('is read as it was made where nobody can say more: $name', async (error) => {
    const ledgers = ledgersOf(error);
    for (const reader of [{ organizationId }, { organizationId, minRevision: 3 }])
      expect(await ledgers.at(reader, 'req_1')).toMatchObject({ result: { id: 'led_1' }, revision: 3 });
    const later = ledgers.at({ organizationId, minRevision: 4 }, 'req_1');
    await expect(later).rejects.toBe(error);
  });

  it('does not hide what is wrong', async () => {
    const error = new TypeError('a bug');
    await expect(ledgersOf(error).at({ organizationId }, 'req_1')).rejects.toBe(error);
  });
});
