import { AccessInMemory } from '../../../testing/access-in-memory';
import type { FirstKeyContext } from './create-first-api-key';
import { createFirstSandboxKey } from './create-first-sandbox-key';

const taken: { id?: string } = {};
const contextOf = (gateway: AccessInMemory): FirstKeyContext => ({
  gateway,
  pepper: 'a pepper of at least 32 characters',
  store: {
    refresh: () => Promise.resolve(true),
    firstOrganization: () => undefined,
    find: () => undefined,
  },
  organizations: {
    known: () => Promise.resolve(taken.id),
    take: (id) => Promise.resolve((taken.id ??= id)),
  },
});

describe('the first sandbox', () => {
  let books: AccessInMemory;
  beforeEach(() => {
    delete taken.id;
    books = new AccessInMemory();
  });
  afterEach(() => books.close());

  it('is made once, with its organization and a key that only that start shows', async () => {
    expect(await createFirstSandboxKey(contextOf(books))).toMatch(/^sk_test_/);
    expect(await createFirstSandboxKey(contextOf(books))).toBeUndefined();
    expect(await books.typesOf(taken.id ?? '')).toEqual(['OrganizationCreated', 'SandboxCreated']);
  });

  it.each([1, 2, 3])('is ended by a start after one that died after %i of its commands', async (commands) => {
    const kept: string[] = [];
    const draft = () => ({
      mayReplace: false,
      prepared: kept.at(-1),
      prepare: (key: string) => Promise.resolve(void kept.push(key)),
    });
    books.left = commands;
    await expect(createFirstSandboxKey(contextOf(books), draft())).rejects.toThrow('it was killed');
    books.left = undefined;
    const key = await createFirstSandboxKey(contextOf(books), draft());
    expect(key).toMatch(/^sk_test_/);
    expect(kept.at(-1)).toBe(key);
    expect(await books.typesOf(taken.id ?? '')).toEqual(['OrganizationCreated', 'SandboxCreated']);
  });
});
