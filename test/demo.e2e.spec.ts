import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

jest.setTimeout(300_000);

const script = path.resolve(__dirname, '..', 'scripts', 'demo.mjs');

describe('npm run demo', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let standalone: StandaloneProcess;

  beforeAll(async () => {
    buildStandalone();
    folder = await temporaryFolder();
    standalone = await startStandaloneProcess({ dataFolder: folder.path });
  });
  afterAll(async () => {
    await standalone?.stop();
    await folder?.remove();
  });

  async function demo(...parameters: string[]): Promise<{ code: unknown; out: string; err: string }> {
    const all = [script, '--url', standalone.url, '--api-key', standalone.apiKey, ...parameters];
    const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'] });
    const exited = once(child, 'exit');
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = await exited;
    return { code, out, err };
  }

  it('sells for a month, and finds that the books agree', async () => {
    const { code, out, err } = await demo('--payments', '150', '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const month = JSON.parse(out) as Record<string, number> & {
      readonly books: readonly { readonly currency: string; readonly owners: string }[];
    };
    expect(month).toMatchObject({ payments: 150 });
    const { declined = 0, payouts = 0, refunds = 0, transfers = 0 } = month;
    expect(Math.min(declined, payouts, refunds, transfers)).toBeGreaterThan(0);
    expect((month['captured'] ?? 0) + (month['declined'] ?? 0)).toBeLessThanOrEqual(150);
    expect(month['captured']).toBeGreaterThan(100);
    expect(month.books.map(({ currency }) => currency).sort()).toEqual(['EUR', 'JPY', 'USD']);
    expect(month.books.some(({ owners }) => BigInt(owners) > 0n)).toBe(true);
  });

  it.each([
    [['--payments', '29'], '--payments must be a whole number from 30 to 100000'],
    [['--seed', '1e3'], '--seed must be a whole number'],
    [['--days', '3'], "Unknown option '--days'"],
  ])('refuses %j and does nothing', async (parameters, message) => {
    const { code, err } = await demo(...parameters);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('says which request was refused', async () => {
    const { code, err } = await demo('--api-key', 'sk_live_nobody');
    expect(code).toBe(1);
    expect(err).toContain('POST /v1/sandboxes');
  });
});
