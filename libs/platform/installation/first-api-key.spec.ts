import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { firstApiKey } from './first-api-key';
import type { CreateFirstKey } from './first-api-key';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'first-api-key-'));
});
afterEach(() => rm(folder, { recursive: true }));

const create: CreateFirstKey = async ({ prepared, prepare }) => {
  if (prepared !== undefined) return prepared;
  await prepare('sk_new');
  return 'sk_new';
};

describe('the first API key in a data folder', () => {
  it('is made once, and shown from the folder', async () => {
    expect(await firstApiKey(folder, create)).toBe('sk_new');
    expect((await readdir(folder)).sort()).toEqual(['api-key', 'api-key.made']);
    const never = jest.fn<ReturnType<CreateFirstKey>, Parameters<CreateFirstKey>>();
    expect(await firstApiKey(folder, never)).toBe('sk_new');
    expect(never).not.toHaveBeenCalled();
  });

  it('is kept before it is made, so that a start that was interrupted loses nothing', async () => {
    const dying: CreateFirstKey = async ({ prepare }) => {
      await prepare('sk_first');
      throw new Error('killed');
    };
    await expect(firstApiKey(folder, dying)).rejects.toThrow('killed');
    expect(await firstApiKey(folder, create)).toBe('sk_first');
    expect((await readFile(path.join(folder, 'api-key'), 'utf8')).trim()).toBe('sk_first');
  });

  it('may be replaced only where it was before', async () => {
    const asked: boolean[] = [];
    const revoked: CreateFirstKey = async ({ mayReplace }) => {
      asked.push(mayReplace);
      return undefined;
    };
    expect(await firstApiKey(folder, revoked)).toBeUndefined();
    await writeFile(path.join(folder, 'api-key.made'), 'x');
    expect(await firstApiKey(folder, revoked)).toBeUndefined();
    expect(await firstApiKey(undefined, revoked)).toBeUndefined();
    expect(asked).toEqual([false, true, false]);
  });
});
