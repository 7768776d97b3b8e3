import { spawn, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import { documentedFetch } from './support/documented-fetch';

jest.setTimeout(120_000);
const main = path.resolve(__dirname, '../dist/apps/standalone/src/main.js');
const hasScript = spawnSync('script', ['--version']).status === 0;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(buildStandalone);
beforeEach(async () => (folder = await temporaryFolder()));
afterEach(() => folder.remove());

async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (const deadline = Date.now() + 30_000; ; await delay(50)) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error('it did not come');
  }
}

describe('the log of the standalone', () => {
  it('has the request of every problem at the default level, on standard error where that is no terminal', async () => {
    const standalone = await startStandaloneProcess({
      dataFolder: folder.path,
      environment: { LOG_LEVEL: '' },
    });
    const answer = await documentedFetch(`${standalone.url}/v1/ledgers/led_1`, {
      headers: { authorization: `Bearer ${standalone.apiKey}` },
    });
    const { request_id: requestId } = (await answer.json()) as { request_id: string };
    const line = await until(() =>
      standalone
        .log()
        .split('\n')
        .find((text) => text.includes(requestId)),
    );
    expect(JSON.parse(line)).toMatchObject({ request_id: requestId, status: 404, code: 'ledger_not_found' });
    expect(standalone.log()).not.toContain(standalone.apiKey);
    await standalone.stop();
  });

  (hasScript ? it : it.skip)('leaves a terminal to the person, and goes to the data folder', async () => {
    const command = `"${process.execPath}" "${main}" --port 0 --data-dir "${folder.path}"`;
    const child = spawn('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], {
      env: { ...process.env, LOG_LEVEL: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let terminal = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (terminal += text));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const url = await until(() => /API +(http\S+)\/v1/.exec(terminal)?.[1]);
    const answer = await documentedFetch(`${url}/v1/nope`);
    const { request_id: requestId } = (await answer.json()) as { request_id: string };
    const file = path.join(folder.path, 'log', 'ledger.log');
    const log = await until(async () => {
      const text = await readFile(file, 'utf8').catch(() => '');
      return text.includes(requestId) ? text : undefined;
    });
    const pid = (JSON.parse(log.trim().split('\n').at(-1) ?? '') as { pid: number }).pid;
    expect(terminal).toContain(file);
    expect(terminal).not.toContain(requestId);
    process.kill(pid, 'SIGTERM');
    await ended;
  });
});
