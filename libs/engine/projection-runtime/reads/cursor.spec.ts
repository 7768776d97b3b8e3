import { decodeCursor, encodeCursor } from './cursor';
import { InvalidCursor } from './queries';

const key = ['text', -Number.MAX_SAFE_INTEGER, 7] as const;
const types = ['string', 'number', 'revision'] as const;

it('gives back what was given out', () => {
  expect(decodeCursor('list', types, encodeCursor('list', key))).toEqual(key);
});

it.each([0, 2 ** 31 - 1])('gives back the integer %d', (value) => {
  expect(decodeCursor('list', ['integer'], encodeCursor('list', [value]))).toEqual([value]);
});

it.each([-1, 2 ** 31, 0.5])('refuses one with %d, which is no integer of PostgreSQL from 0 on', (value) => {
  expect(() => decodeCursor('list', ['integer'], encodeCursor('list', [value]))).toThrow(InvalidCursor);
});

it.each([
  ['of another list', encodeCursor('other', key)],
  ['with less', encodeCursor('list', ['text', -5])],
  ['with another kind of value', encodeCursor('list', [1, -5, 7])],
  ['with a revision before the first', encodeCursor('list', ['text', -5, -1])],
  ['with a revision that no event has', encodeCursor('list', ['text', -5, Number.MAX_SAFE_INTEGER])],
  ['with a number that is not exact', encodeCursor('list', ['text', 2 ** 53, 7])],
  ['with a part of a number', encodeCursor('list', ['text', 0.5, 7])],
  ['with a NUL', encodeCursor('list', ['\0', -5, 7])],
  ['in another spelling', `${encodeCursor('list', key)}=`],
  ['that is no cursor', 'x'],
])('refuses one %s', (_, cursor) => {
  expect(() => decodeCursor('list', types, cursor)).toThrow(InvalidCursor);
});
