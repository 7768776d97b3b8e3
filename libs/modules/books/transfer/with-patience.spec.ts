import { revision } from '@fintech-ledger/event-store';
import { CommandOutcomeUnknown, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandOutcome } from '@fintech-ledger/journal';
import { withPatience } from './with-patience';

const known: CommandOutcome = { kind: 'accepted', answer: '{}', revision: revision(1), replayed: true };
const failing =
  (...errors: Error[]) =>
  () => {
    const error = errors.shift();
    return error === undefined ? Promise.resolve(known) : Promise.reject(error);
  };

describe('withPatience', () => {
  it('tries again while the writer is unavailable', async () => {
    expect(await withPatience(failing(new WriterUnavailable('away'), new WriterUnavailable('away')))).toBe(
      known,
    );
  });
  it('counts as new what an attempt of its own may have booked', async () => {
    const outcome = await withPatience(failing(new CommandOutcomeUnknown('lost')));
    expect(outcome).toMatchObject({ replayed: false });
  });
  it('does not try a bug again', async () => {
    await expect(withPatience(failing(new TypeError('bug')))).rejects.toThrow(TypeError);
  });
});
