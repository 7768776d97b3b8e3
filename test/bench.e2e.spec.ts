import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from './support/readiness';
import { buildStandalone, temporaryFolder } from './support/standalone-process';

jest.setTimeout(180_000);

const root = path.resolve(__dirname, '..');

/** The command lines of all processes that work in a folder, or were told its name. */
async function processesOf(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const [line, standsIn] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
      readlink(`/proc/${pid}/cwd`).catch(() => ''),
    ]);
    if (line.includes(folder) || standsIn.startsWith(folder)) found.push(line.replaceAll('\0', ' '));
  }
  return found;
}

describe('a paired benchmark that is ended from outside', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeAll(buildStandalone);
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  it.each(['SIGTERM', 'SIGINT', 'SIGKILL', 'a closed pipe'] as const)(
    'leaves no process behind: %s',
    async (how) => {
      const load = ['--accounts', '10', '--connections', '4', '--seconds', '1', '--rounds', '1000'];
      const parameters = ['paired', '--against', root, '--tool', 'raw', ...load];
      const bench = spawn(process.execPath, [path.join(root, 'scripts', 'bench.mjs'), ...parameters], {
        env: { ...process.env, BENCH_DIR: folder.path, DATABASE_URL: '', EVENT_STORE_URL: '' },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const ended = once(bench, 'exit');
      // Its first figures: both builds are running.
      await once(bench.stdout, 'data');
      const standalones = (await processesOf(folder.path)).filter((line) => line.includes('main.js'));
      expect(standalones).toHaveLength(2);
      if (how === 'a closed pipe') bench.stdout.destroy();
      else bench.kill(how);
      await ended;
      await until(`the end of all processes in ${folder.path}`, async () => {
        await delay(50);
        return (await processesOf(folder.path)).length === 0;
      });
      // Nobody is there to remove them after a kill -9.
      if (how !== 'SIGKILL') expect(await readdir(folder.path)).toEqual([]);
    },
  );
});
