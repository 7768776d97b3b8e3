import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const compiled = path.resolve(__dirname, 'create-logger.ts');
/** Runs a script with the logger in a process of its own, as what a process's end does to its log can't be seen from inside. */
async function run(script: string): Promise<{ code: number | null; stderr: string }> {
  const register = `require('@swc/core'); const { transformFileSync } = require('@swc/core'); const fs = require('fs');
    require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }).code, file);
    const { createLogger, logToFile } = require(${JSON.stringify(compiled)}); const log = createLogger('info', 'test');`;
  const child = spawn(process.execPath, ['-e', `${register}\n${script}`], {
    cwd: path.resolve(__dirname, '../../..'),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stderr };
}
const messages = (text: string): string[] =>
  text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { msg: string }).msg);

describe('the log', () => {
  it('has every line when the process ends on its own, and in order', async () => {
    const { stderr } = await run(`for (let n = 0; n < 1000; n += 1) log.info({ n }, 'line ' + n);
      process.exit(0);`);
    expect(messages(stderr)).toEqual([...Array(1_000).keys()].map((n) => `line ${n}`));
  });

  it('has what led to a warning when the process is killed right after it', async () => {
    const { stderr } = await run(`log.info({}, 'before'); log.warn({}, 'worse'); log.info({}, 'after');
      process.kill(process.pid, 'SIGKILL');`);
    expect(messages(stderr)).toEqual(['before', 'worse']);
  });

  it('is written within a moment, also when nothing follows', async () => {
    const { stderr } = await run(`log.info({}, 'alone');
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), 2000);`);
    expect(messages(stderr)).toEqual(['alone']);
  });

  it('goes to a file when it is told so, with what is urgent on standard error too', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'fintech-ledger-log-'));
    const file = path.join(folder, 'log', 'ledger.log');
    const { stderr } = await run(`logToFile(${JSON.stringify(file)});
      log.info({}, 'request'); log.error({}, 'broken'); log.info({}, 'last');`);
    expect(messages(stderr)).toEqual(['broken']);
    expect(messages(await readFile(file, 'utf8'))).toEqual(['request', 'broken', 'last']);
    await rm(folder, { recursive: true });
  });

  it('begins a new file when the old one was moved away', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'fintech-ledger-log-'));
    const file = path.join(folder, 'ledger.log');
    // It writes until the new file is there, for twenty seconds at most.
    const running = run(`logToFile(${JSON.stringify(file)}, 100);
      log.error({}, 'first');
      const more = setInterval(() => {
        log.error({}, 'more');
        if (performance.now() < 20_000 && (!fs.existsSync(${JSON.stringify(`${file}.old`)}) || !fs.existsSync(${JSON.stringify(file)}))) return;
        clearInterval(more);
        log.error({}, 'last');
      }, 20);`);
    for (;;) {
      await delay(100);
      if ((await readFile(file, 'utf8').catch(() => '')).includes('first')) break;
    }
    await rename(file, `${file}.old`);
    await running;
    expect(messages(await readFile(`${file}.old`, 'utf8'))[0]).toBe('first');
    expect(messages(await readFile(file, 'utf8')).at(-1)).toBe('last');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await rm(folder, { recursive: true });
  }, 30_000);
});
