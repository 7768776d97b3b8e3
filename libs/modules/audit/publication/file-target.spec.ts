import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileTarget } from './file-target';
import { fileTailBytes } from './limits';

const lines = ['{"size":1}', '{"size":2}', '{"size":3}', '{"size":22}'];
const heads = lines.map((line, n) => ({ sequence: String(n + 1), line }));
const whole = lines.map((line) => `${line}\n`).join('');

describe('a file of heads', () => {
  let folder = '';
  let file = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'heads-'));
    file = path.join(folder, 'heads.ndjson');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('has each head once, wherever a write was cut off, and whichever of them it is given again', async () => {
    for (let bytes = 0; bytes <= whole.length; bytes += 1) {
      writeFileSync(file, whole);
      truncateSync(file, bytes);
      expect(await fileTarget(file).publish(heads)).toBeUndefined();
      expect([bytes, readFileSync(file, 'utf8')]).toEqual([bytes, whole]);
    }
    expect(await fileTarget(file).publish(heads.slice(2))).toBeUndefined();
    expect(readFileSync(file, 'utf8')).toBe(whole);
  });

  it('keeps what else is in it, and begins a line of its own after it', async () => {
    const before = `${'x'.repeat(2 * fileTailBytes)}\nnobody's`;
    writeFileSync(file, before);
    expect(await fileTarget(file).publish(heads)).toBeUndefined();
    expect(readFileSync(file, 'utf8')).toBe(`${before}\n${whole}`);
  });

  it('says why it can not be written', async () => {
    expect(await fileTarget(path.join(folder, 'missing', 'heads')).publish(heads)).toContain('ENOENT');
  });
});
