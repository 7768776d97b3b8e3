import { DatabaseError, DatabaseUnavailable } from '@fintech-ledger/postgres';
import { revision, WrongExpectedRevision } from '../../port';
import { throwAppendError, throwUnknown } from './translate-error';

function nameOf(rethrow: (error: unknown) => never, error: unknown): string {
  try {
    return rethrow(error);
  } catch (thrown) {
    return (thrown as Error).name;
  }
}
const state = (sqlState: string): DatabaseError => new DatabaseError('refused', sqlState);

describe('an error of an append in Postgres', () => {
  it.each([
    '42501',
    '42P01',
    '28000',
    '28P01',
    '3D000',
    '26000',
    '25006',
    '25P02',
    '40001',
    '40P01',
    '55P03',
  ])('%s: nothing was written, and it may be mended', (sqlState) =>
    expect(nameOf(throwAppendError, state(sqlState))).toBe('StoreUnavailable'),
  );
  it.each(['22021', '23505', '42601', '54000', '0A000'])('%s: nothing was written, nor will be', (sqlState) =>
    expect(nameOf(throwAppendError, state(sqlState))).toBe('AppendRejected'),
  );
  it.each(['40003', '58030', '58000', 'XX000', 'XX001', 'F0000', '99999', ''])(
    '%s does not say what became of it',
    (sqlState) => expect(nameOf(throwAppendError, state(sqlState))).toBe('OutcomeUnknown'),
  );

  it('is known when it came before the statement was sent, and else not', () => {
    expect(nameOf(throwAppendError, new DatabaseUnavailable('refused', true))).toBe('StoreUnavailable');
    expect(nameOf(throwAppendError, new DatabaseUnavailable('cut', false))).toBe('OutcomeUnknown');
    expect(nameOf(throwAppendError, new Error('anything'))).toBe('OutcomeUnknown');
    const conflict = new WrongExpectedRevision('s', revision(1), null);
    expect(nameOf(throwAppendError, conflict)).toBe('WrongExpectedRevision');
  });

  it('leaves open whether an earlier call wrote it when that can not be looked up, whatever the reason', () => {
    for (const error of [
      state('42501'),
      state('26000'),
      new DatabaseUnavailable('refused', true),
      new Error('x'),
    ])
      expect(nameOf(throwUnknown, error)).toBe('OutcomeUnknown');
  });
});
