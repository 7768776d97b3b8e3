import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '@fintech-ledger/postgres';
import { openEmbedded } from './support/embedded-database';
import { apiOperations } from './support/fuzz/api-operations';
import { HttpSpec } from './support/http-spec';
import type { HttpAnswer, HttpRequest } from './support/http-spec';
import { furtherActions } from './support/further-actions';
import { parkedActions } from './support/parked-actions';
import { openSampleBooks } from './support/refusals/sample-books';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

// Whatever is done leaves a trace in the audit log: the events of a command, or else the line that the API's process writes of it. Not both.
// And whatever is done under an idempotency key is done once.
jest.setTimeout(300_000);

interface Line {
  readonly action: string;
  readonly actor: { readonly type: string };
  readonly code: string | null;
  readonly count: number;
  readonly request_id: string | null;
  readonly result: string;
}
interface Done {
  readonly operationId: string;
  readonly requestId: string;
  readonly request: HttpRequest;
  /** What it was answered with, and what its repetition was, where it takes a key. */
  readonly answers: readonly HttpAnswer[];
}

const changing = apiOperations
  .filter(({ method }) => method !== 'GET')
  .map((operation) => ({
    ...operation,
    isCommand: (operation.parameters ?? []).some(({ name }) => name === 'dry_run'),
    takesKey: (operation.parameters ?? []).some(({ name }) => name === 'Idempotency-Key'),
    pattern: new RegExp(`^${operation.path.replace(/\{\w+\}/g, '[^/]+')}$`),
  }));

/** The API, and what was done with it. */
class WatchedHttp extends HttpSpec {
  readonly done: Done[] = [];

  override async send(given: HttpRequest): Promise<HttpAnswer> {
    const { method = 'POST', path: asked } = given;
    const [bare = ''] = asked.split('?');
    const found = changing.find((one) => one.method === method && one.pattern.test(bare));
    const headers = { 'idempotency-key': randomUUID(), ...given.headers };
    const sent = found?.takesKey === true ? { ...given, headers } : given;
    const answer = await super.send(sent);
    if (found === undefined || answer.status >= 300 || answer.json['dry_run'] === true) return answer;
    const again = found.takesKey ? [await super.send(sent)] : [];
    const requestId = String(answer.headers['request-id']);
    const { operationId } = found;
    this.done.push({ operationId, requestId, request: given, answers: [answer, ...again] });
    return answer;
  }
}

/** A secret is shown once: a repetition has `null` for it. */
function withoutSecrets(answer: HttpAnswer | undefined): object {
  const { secret: _s, api_key: _k, key: _key, secret_shown: _shown, ...rest } = answer?.json ?? {};
  return rest;
}

describe('whatever is done', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let standalone: StandaloneProcess;
  let database: Database | undefined;
  let http: WatchedHttp;
  let lines: readonly Line[];
  /** Those of the organization itself. */
  let ours: readonly Line[];

  const logOf = async (apiKey: string): Promise<readonly Line[]> => {
    const all: Line[] = [];
    for (let cursor = ''; ;) {
      const { json } = await http.ask({ path: `/v1/audit_log?limit=100${cursor}`, apiKey });
      all.push(...(json['data'] as readonly Line[]));
      if (json['has_more'] !== true) return all;
      cursor = `&cursor=${String(json['next_cursor'])}`;
    }
  };

  beforeAll(async () => {
    buildStandalone();
    folder = await temporaryFolder();
    const environment = { WEBHOOK_ALLOWED_CIDRS: '127.0.0.1/32' };
    standalone = await startStandaloneProcess({ dataFolder: folder.path, environment });
    http = new WatchedHttp(standalone.url, standalone.apiKey, '');
    const books = await openSampleBooks(http);
    const apart = await furtherActions(http, books);
    database = await openEmbedded(folder.path);
    await parkedActions(http, database);
    // What has no event is written a quarter of a second later.
    await delay(1_500);
    ours = await logOf(standalone.apiKey);
    lines = [...ours, ...(await logOf(books.sandboxKey)), ...(await logOf(apart))];
  });
  afterAll(async () => {
    await database?.close();
    await standalone?.stop();
    await folder?.remove();
  });

  const linesOf = ({ requestId }: Done): readonly Line[] =>
    lines.filter(({ request_id }) => request_id === requestId);

  it.each(changing)('is in the audit log, once: $operationId', ({ operationId, isCommand }) => {
    const done = http.done.filter((one) => one.operationId === operationId);
    expect(done.length).toBeGreaterThan(0);
    for (const one of done) {
      const [line, ...more] = linesOf(one);
      expect(line).toMatchObject({ result: 'ok', code: null, count: 1 });
      if (isCommand || operationId === 'actOnSimulatorPage')
        // The actions of events have a dot.
        expect([line, ...more].filter((each) => each?.action.includes('.') !== true)).toEqual([]);
      else expect([line?.action, line?.actor.type, more]).toEqual([operationId, 'api_key', []]);
    }
  });

  const keyed = changing.filter(({ takesKey }) => takesKey);
  it.each(keyed)('is done once under a key, and answered as the first time: $operationId', (operation) => {
    const done = http.done.filter(({ operationId }) => operationId === operation.operationId);
    for (const { answers } of done) {
      const [first, again] = answers;
      expect(again?.headers['idempotency-replayed']).toBe('true');
      expect(again?.status).toBe(first?.status);
      expect(withoutSecrets(again)).toEqual(withoutSecrets(first));
    }
  });

  const plain = changing.filter(({ isCommand, takesKey }) => takesKey && !isCommand);
  it.each(plain)('is no command, and is not tried out: $operationId', async ({ operationId }) => {
    const { request, answers } = http.done.find((one) => one.operationId === operationId) as Done;
    // By the contract each answer to a command has a position, and each command takes a dry run.
    expect(answers[0]?.headers).not.toHaveProperty('ledger-position');
    expect(answers[0]?.json).not.toHaveProperty('position');
    // Who tries it out is told that this can't be done, and nothing is.
    const tried = await http.send({ ...request, path: `${request.path}?dry_run=true` });
    expect([tried.status, tried.json]).toMatchObject([400, { code: 'unknown_parameter', param: '/dry_run' }]);
  });

  it('takes a key wherever one who has an API key changes something', () => {
    const without = changing.filter(({ takesKey }) => !takesKey).map(({ operationId }) => operationId);
    expect(without).toEqual(['actOnSimulatorPage']);
  });

  it('is told by a rebuild of the audit log as before', async () => {
    const rebuilds = '/v1/projections/audit_log/rebuilds';
    const { id } = (await http.when({ path: rebuilds, body: {} }).thenAccepted()).json;
    let rebuild: Readonly<Record<string, unknown>> = {};
    for (let n = 0; rebuild['state'] !== 'ready' && n < 600; n += 1) {
      await delay(100);
      rebuild = (await http.ask({ path: `${rebuilds}/${String(id)}` })).json;
    }
    expect(rebuild).toMatchObject({ state: 'ready', verification: { matches: true } });
    await http.when({ path: `${rebuilds}/${String(id)}/swap` }).thenAccepted();
    // What was done since is before them.
    expect((await logOf(standalone.apiKey)).slice(-ours.length)).toEqual(ours);
    expect(ours.map(({ action }) => action)).toContain('replayWebhooks');
  });
});
