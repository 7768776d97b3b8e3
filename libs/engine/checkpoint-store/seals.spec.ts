import { Seals } from './seals';

const seals = new Seals('a pepper of a test, 32 characters');
const row = { key: 'a:x', text: '{}', currency: 'USD', debits: 5n, credits: 7n };
const hold = { key: 't:x', text: '{}', dueAt: '2026-01-01T00:00:00.000Z' };
const key = { requestHash: 'h', firstRevision: 1, lastRevision: 2 };

it('makes another MAC of a row for every part of it', () => {
  const variants = [
    seals.rowMac('s', row),
    seals.rowMac('t', row),
    seals.rowMac('s', { ...row, key: 'a:y' }),
    seals.rowMac('s', { ...row, text: '{} ' }),
    seals.rowMac('s', { ...row, currency: 'EUR' }),
    seals.rowMac('s', { ...row, debits: 6n }),
    seals.rowMac('s', { ...row, credits: 6n }),
    seals.rowMac('s', { key: row.key, text: row.text }),
    seals.rowMac('s', hold),
    seals.rowMac('s', { ...hold, dueAt: '2026-01-01T00:00:00.001Z' }),
    // The same characters, divided otherwise.
    seals.rowMac('sa', { ...row, key: ':x' }),
    seals.rowMac('s', { ...row, key: 'a:xU', currency: 'SD' }),
    seals.keyMac('s', 'a:x', key),
    seals.keyMac('s', 'a:x', { ...key, requestHash: 'i' }),
    seals.keyMac('s', 'a:x', { ...key, firstRevision: 12, lastRevision: 2 }),
    seals.keyMac('s', 'a:x', { ...key, firstRevision: 1, lastRevision: 22 }),
    seals.keyMac('sa', ':x', key),
    new Seals('another pepper, 32 characters long').rowMac('s', row),
  ].map((mac) => mac.toString('hex'));
  expect(new Set(variants).size).toBe(variants.length);
  expect(variants.every((mac) => mac.length === 24)).toBe(true);
});

it('makes of what a database gives back the MAC of what was saved', () => {
  const stored = { ...row, debits: '5', credits: '7' };
  expect(seals.rowMac('s', stored)).toEqual(seals.rowMac('s', row));
  // A number that is equal, and was written otherwise.
  expect(seals.rowMac('s', { ...stored, debits: '5.0' })).not.toEqual(seals.rowMac('s', row));
});

it('opens digests only where they were sealed, and shows nothing of them', () => {
  const digests = Buffer.alloc(64, 1);
  const { digests: sealed, mac } = seals.seal('1 R 0 s', digests);
  expect(seals.open('1 R 0 s', sealed, mac)).toEqual(digests);
  expect(seals.open('1 R 1 s', sealed, mac)).toBeUndefined();
  const changed = Buffer.from(sealed);
  changed[20] = (changed[20] ?? 0) ^ 1;
  expect(seals.open('1 R 0 s', changed, mac)).toBeUndefined();
  expect(seals.seal('1 R 0 s', digests).digests.subarray(16)).not.toEqual(sealed.subarray(16));
});
