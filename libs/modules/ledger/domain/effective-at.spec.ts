import { effectiveAtOf } from './events';
import type { LedgerEvent } from './events';

const recordedAt = '2026-01-10T00:00:00.000Z';
const event = (type: string, effectiveAt: string, expiresAt: string | null = null): LedgerEvent =>
  ({ type, data: { entries: [], transaction: { effectiveAt, expiresAt } } }) as unknown as LedgerEvent;

it.each([
  ['TransactionPosted', '2026-01-01T00:00:00.000Z', null, '2026-01-01T00:00:00.000Z'],
  ['HoldPlaced', '2026-02-01T00:00:00.000Z', null, '2026-02-01T00:00:00.000Z'],
  ['TransactionReversed', '2026-01-03T00:00:00.000Z', null, '2026-01-03T00:00:00.000Z'],
  ['HoldCaptured', '2026-01-01T00:00:00.000Z', null, recordedAt],
  ['HoldCaptured', '2026-02-01T00:00:00.000Z', null, '2026-02-01T00:00:00.000Z'],
  ['HoldVoided', '2026-01-01T00:00:00.000Z', null, recordedAt],
  ['HoldExpired', '2026-01-01T00:00:00.000Z', '2026-01-05T00:00:00.000Z', '2026-01-05T00:00:00.000Z'],
  ['HoldExpired', '2026-01-07T00:00:00.000Z', '2026-01-05T00:00:00.000Z', '2026-01-07T00:00:00.000Z'],
  ['AccountFrozen', '2026-01-01T00:00:00.000Z', null, recordedAt],
])('%s of %s (expires %s) counts from %s', (type, effectiveAt, expiresAt, counts) => {
  expect(effectiveAtOf(event(type, effectiveAt, expiresAt), recordedAt)).toBe(counts);
});
