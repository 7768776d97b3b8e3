import { BrokenInvariant } from '@fintech-ledger/contract';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { JournalBuilder } from '@fintech-ledger/testing';
import { ledgerAndAccess } from '../../../testing/modules';
import { GapFound, JournalRewritten, JournalShortened, PoisonEvent, WriteFailed } from '../errors';
import { haltCodeOf, haltCodes } from '../halt-codes';
import type { HaltCode } from '../halt-codes';
import { haltAdvice } from './halt-advice';

const journal = new JournalBuilder('led_a');
journal.submit(
  { type: 'OpenAccount', address: 'a', accountType: 'asset', currency: 'USD' },
  '2026-01-01T00:00:00.000Z',
);
const event = journal.recorded[0] as RecordedEvent;

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
const decoded = (change: Partial<RecordedEvent>): unknown =>
  thrownBy(() => ledgerAndAccess.decode({ ...event, ...change }));

describe('the advice of a halted stream', () => {
  it('is one of its own for each code, in whole sentences', () => {
    const advices = haltCodes.map(haltAdvice);
    expect(new Set(advices).size).toBe(haltCodes.length);
    for (const advice of advices) expect(advice).toMatch(/^[A-Z].{20,}\.$/);
  });

  it('is that of anything else for a code of a newer version, whatever it is called', () => {
    for (const code of ['melted', 'toString', '']) expect(haltAdvice(code)).toBe(haltAdvice('other'));
  });

  it.each<[HaltCode, () => unknown]>([
    ['unknown_event_version', () => decoded({ type: 'MoneyPrinted' })],
    ['unknown_event_version', () => decoded({ stream: 'elsewhere-1' })],
    [
      'unknown_event_version',
      () => decoded({ metadata: event.metadata.replace('"version":1', '"version":99') }),
    ],
    ['event_damaged', () => decoded({ data: '{' })],
    ['event_damaged', () => decoded({ data: event.data.replace('USD', 'EUR') })],
    // The text of a reason may say anything: it does not count.
    ['event_damaged', () => new PoisonEvent(event, 'its description is "upgrade this process"')],
    ['event_missing', () => new GapFound(event, -1)],
    ['journal_rewritten', () => new JournalRewritten(event, 0)],
    ['journal_rewritten', () => new JournalShortened(event.stream, 3)],
    ['rows_contradict', () => new WriteFailed('accounts', new BrokenInvariant('it was rewritten'))],
    ['other', () => new Error('a version that is too large')],
    ['other', () => 'no error at all'],
  ])('follows from what halts it: %s', (code, cause) => {
    expect(haltCodeOf(cause())).toBe(code);
  });
});
