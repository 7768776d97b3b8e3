import fc from 'fast-check';
import { changesOf } from './object-history';

const value = fc.constantFrom<unknown>(null, 'a', 'b', '2026-01-31T12:00:00.000Z', { c: 'd' }, []);
const shown = fc.dictionary(fc.constantFrom('status', 'verified_at', 'erased_at', 'metadata'), value);
/** What is not there is null to whoever reads a history. */
const known = (view: object): object =>
  Object.fromEntries(Object.entries(view).filter(([, it]) => it !== null));

describe('the changes of a history', () => {
  it('lead from what an object is to what it was, whatever members appear and go', () => {
    fc.assert(
      fc.property(shown, shown, (before, after) => {
        expect(known({ ...after, ...changesOf(before, after) })).toEqual(known(before));
      }),
    );
  });

  it('have null for what was not shown before', () => {
    const before = { status: 'active', closed_at: null };
    const after = { status: 'active', verified_at: '2026-01-31T12:00:00.000Z', closed_at: null, note: null };
    expect(changesOf(before, after)).toEqual({ verified_at: null });
  });

  it('are none of what was made', () => expect(changesOf(undefined, { status: 'active' })).toEqual({}));
});
