import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { makeFolder } from './make-folder';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'folders-'));
});
afterAll(() => rm(root, { recursive: true }));

describe('a folder', () => {
  it('is made with those that it is in, once', async () => {
    const folder = path.join(root, 'a', 'b', 'c');
    for (let n = 0; n < 2; n += 1) await makeFolder(folder, 0o700);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const two = ['x', 'y'].map((name) => makeFolder(path.join(root, 'both', name), 0o700));
    await expect(Promise.all(two)).resolves.toHaveLength(2);
  });

  it('is none where a file is, or a part of its path is one', async () => {
    const file = path.join(root, 'file');
    await writeFile(file, '');
    await expect(makeFolder(file, 0o700)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(path.join(file, 'a', 'b'), 0o700)).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it.each(process.platform === 'linux' ? ['/proc/ledger', '/proc/ledger/data'] : [])(
    'is refused where a file system takes none: %s',
    async (folder) => {
      await expect(makeFolder(folder, 0o700)).rejects.toMatchObject({ code: 'ENOENT', syscall: 'mkdir' });
    },
  );
});
