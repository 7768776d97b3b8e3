import type { Database } from '@fintech-ledger/postgres';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { openEmbedded } from './support/embedded-database';
import { HttpSpec } from './support/http-spec';
import { runStandalone } from './support/running-standalone';
import type { RunningStandalone } from './support/running-standalone';

describe('POST /v1/clock_confirmations', () => {
  let server: RunningStandalone;
  let database: Database;
  let http: HttpSpec;
  const request = { path: '/v1/clock_confirmations' };

  const keyOf = async (scope: string): Promise<string> => {
    const { json } = await http.send({ path: '/v1/api_keys', body: { name: scope, scopes: [scope] } });
    return String(json['key']);
  };
  const noted = async (): Promise<readonly { id: string; actor: string }[]> => {
    const { rows } = await database.query<{ id: string; actor: string }>(
      'select id, actor from writer.clock_confirmations order by id',
    );
    return rows;
  };

  beforeAll(async () => {
    server = await runStandalone();
    database = await openEmbedded(server.dataFolder);
    http = new HttpSpec(server.url, server.apiKey, '');
  }, 120_000);
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  }, 60_000);

  it('notes each confirmation, with who made it', async () => {
    const before = (await noted()).length;
    const first = await http.send({ ...request, apiKey: await keyOf('ops:write') });
    expect(first).toMatchObject({ status: 201, json: { object: 'clock_confirmation' } });
    expect(Math.abs(Date.parse(String(first.json['confirmed_at'])) - Date.now())).toBeLessThan(3_600_000);
    const second = await http.send({ ...request, body: {} });
    expect(second.status).toBe(201);
    expect(second.json['id']).not.toBe(first.json['id']);
    const rows = (await noted()).slice(before);
    expect(rows).toHaveLength(2);
    expect(rows[0]?.actor).not.toBe(rows[1]?.actor);
  });

  it.each([
    ['without a key', async () => ({ apiKey: null }), 401, 'unauthenticated'],
    ['of a key that may only read', async () => ({ apiKey: await keyOf('ops:read') }), 403, 'missing_scope'],
    ['of a key for ledgers', async () => ({ apiKey: await keyOf('ledger:admin') }), 403, 'missing_scope'],
    ['with a parameter', async () => ({ path: `${request.path}?sure=yes` }), 400, 'unknown_parameter'],
    ['with a body that is no JSON', async () => ({ body: '{' }), 400, 'malformed_json'],
    [
      'with a body of another type',
      async () => ({ body: 'x', headers: { 'content-type': 'text/plain' } }),
      415,
      'unsupported_media_type',
    ],
  ])('is refused %s, and notes nothing', async (_what, more, status, code) => {
    const before = await noted();
    const answer = await http.send({ ...request, ...(await more()) });
    expect({ status: answer.status, code: answer.json['code'] }).toEqual({ status, code });
    expect(await noted()).toEqual(before);
  });

  it('is what "ledgerctl clock confirm" asks for', async () => {
    const ledgerctl = (key: string, ...parameters: readonly string[]) =>
      spawnSync(
        process.execPath,
        [path.resolve(__dirname, '../scripts/ledgerctl.mjs'), 'clock', ...parameters],
        {
          env: { ...process.env, LEDGER_URL: server.url, LEDGER_API_KEY: key },
          encoding: 'utf8',
          timeout: 60_000,
        },
      );
    const before = (await noted()).length;
    const { status, stdout } = ledgerctl(await keyOf('ops:write'), 'confirm');
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/\d{4}-\d\d-\d\dT/) });
    expect(await noted()).toHaveLength(before + 1);
    const refused = ledgerctl(await keyOf('ops:read'), 'confirm');
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toContain('ops:write');
    expect(ledgerctl(server.apiKey, 'deny').status).not.toBe(0);
    expect(await noted()).toHaveLength(before + 1);
  });
});
