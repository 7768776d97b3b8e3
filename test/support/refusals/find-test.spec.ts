import { findTest } from './find-test';

const source = `
// it('is in a comment', () => 'gone');
describe('is a group', () => {
  it('runs', () => expect(code).toBe('gone'));
  it.each([1])('runs with %i', () => expect(code).toBe('lost'));
  it.skip('is skipped', () => expect(code).toBe('gone'));
});
const text = 'stands in a text';
`;

describe('findTest', () => {
  it.each([
    ['runs', `'gone'`],
    ['runs with %i', `'lost'`],
  ])('finds the test that is named: %s', (title, code) => {
    expect(findTest(source, title)).toContain(code);
  });

  it.each(['is in a comment', 'is a group', 'is skipped', 'stands in a text', 'run'])(
    'takes nothing else for a test: %s',
    (title) => {
      expect(findTest(source, title)).toBeUndefined();
    },
  );
});
