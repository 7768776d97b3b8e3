import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Spool } from './spool';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'spool-spec-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function* bodyOf(...chunks: readonly string[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
}
async function textOf(file: { read(): AsyncIterable<Uint8Array> }): Promise<string> {
  let text = '';
  for await (const chunk of file.read()) text += Buffer.from(chunk).toString();
  return text;
}

describe('the spool of files to import', () => {
  it('gives a file as often as it is read, without a name', async () => {
    const spool = await Spool.open({ folder, bytesMax: 100 });
    const read = await spool.keep(bodyOf('a,b\n', '1,2\n'), async (file) => {
      expect(await readdir(folder)).toEqual([]);
      expect(spool.bytesUsed).toBe(8);
      return [file.bytes, await textOf(file), await textOf(file)];
    });
    expect(read).toEqual([8, 'a,b\n1,2\n', 'a,b\n1,2\n']);
    expect(spool.bytesUsed).toBe(0);
  });

  it('removes what a killed process left, and nothing else', async () => {
    await writeFile(path.join(folder, 'left.import'), 'books');
    await writeFile(path.join(folder, 'notes.txt'), 'of somebody');
    await Spool.open({ folder, bytesMax: 100 });
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });

  it('is refused with the name of its setting where its folder is none', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    const wrong = [file, path.join(file, 'below'), ...(process.platform === 'linux' ? ['/proc/spool'] : [])];
    for (const each of wrong)
      await expect(Spool.open({ folder: each, bytesMax: 5 })).rejects.toThrow(
        /^IMPORT_SPOOL_DIR must be a folder that can be written \(/u,
      );
  });

  it('refuses a file that is larger than the spool', async () => {
    const spool = await Spool.open({ folder, bytesMax: 5 });
    await expect(spool.keep(bodyOf('abc', 'def'), textOf)).rejects.toMatchObject({ code: 'body_too_large' });
    expect(spool.bytesUsed).toBe(0);
  });

  it('has no room for a file while others fill it, and has it afterwards', async () => {
    const spool = await Spool.open({ folder, bytesMax: 5 });
    await spool.keep(bodyOf('abc'), async () => {
      await expect(spool.keep(bodyOf('def'), textOf)).rejects.toMatchObject({ code: 'unavailable' });
    });
    expect(await spool.keep(bodyOf('def'), textOf)).toBe('def');
  });

  it('makes its folder for nobody else', async () => {
    const below = path.join(folder, 'a', 'b');
    const spool = await Spool.open({ folder: below, bytesMax: 5 });
    expect(await spool.keep(bodyOf('x'), textOf)).toBe('x');
  });
});
