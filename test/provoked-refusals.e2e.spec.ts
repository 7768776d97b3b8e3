import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { eventStreamsMax } from '../libs/engine/http/limits';
import { apiOperations, codesOf } from './support/fuzz/api-operations';
import { HttpSpec } from './support/http-spec';
import type { HttpRequest } from './support/http-spec';
import type { Operation } from './support/fuzz/api-operations';
import type { Sample } from './support/refusals/any-operation';
import { probesOfAny } from './support/refusals/any-operation';
import { madeElsewhere } from './support/refusals/elsewhere';
import { findTest } from './support/refusals/find-test';
import { codeOfBrokenBody, codeOfOpenBodies } from './support/refusals/raw-requests';
import { openSampleBooks } from './support/refusals/sample-books';
import type { SampleBooks } from './support/refusals/sample-books';
import { probesOf, sampleOf } from './support/refusals/samples';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

// Each code that schemas/openapi.json lists for an operation is an answer that a client can get: it is provoked here, or in the test that is named.
// That no other code is answered is held by HttpSpec.
jest.setTimeout(180_000);
/** More imports than one process runs at once. */
const importsMany = 16;
/**
 * One organization may take all that a process has. What is too large counts as all that it says it is, each time that a broken connection has it
 * sent again: with the usual limit the answer may be 429.
 */
const environment = {
  ORGANIZATION_LIMITS: 'posts.cost=999999999,imports.concurrency=1000,streams.concurrency=1000',
  KEY_LIMIT_PERCENT: '100',
  WEBHOOK_ALLOWED_CIDRS: '127.0.0.1/32',
  // That of the first start, and the sample's.
  SANDBOXES_MAX: '2',
};

const listed = apiOperations.map((operation) => ({
  operation,
  operationId: operation.operationId,
  codes: codesOf(operation),
}));

describe('the refusals in schemas/openapi.json, over HTTP', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let standalone: StandaloneProcess;
  let http: HttpSpec;
  let books: SampleBooks;

  beforeAll(async () => {
    buildStandalone();
    folder = await temporaryFolder();
    standalone = await startStandaloneProcess({ dataFolder: folder.path, environment });
    http = new HttpSpec(standalone.url, standalone.apiKey, '');
    books = await openSampleBooks(http);
  });
  afterAll(async () => {
    await standalone?.stop();
    await folder?.remove();
  });

  it.each(listed)('are each made for $operationId', async ({ operation, operationId, codes }) => {
    const elsewhere = madeElsewhere
      .filter((one) => one.operationId === undefined || one.operationId === operationId)
      .map(({ code }) => code);
    const sample = sampleOf(operationId, operation.path, books);
    const made = new Set<string>();
    const answers: string[] = [];
    const ask = async (probe: HttpRequest, patienceMs: number) => {
      const sent = http.send(probe);
      sent.catch(() => undefined);
      const answer = await Promise.race([sent, setTimeout(patienceMs, undefined, { ref: false })]);
      // What stands in a list of problems or results is not the code of the answer.
      if (answer !== undefined) made.add(String(answer.json['code']));
      answers.push(
        `${probe.path}: ${answer?.status ?? `none in ${patienceMs} ms`} ${String(answer?.json['code'])}`,
      );
    };
    // A stream of events that is accepted has no end.
    const isStream = operationId === 'streamEvents';
    for (const probe of [...probesOf(operationId, books), ...probesOfAny(operation, sample, books)])
      await ask(probe, isStream ? 300 : 60_000);
    const flood = Array.from({ length: isStream ? eventStreamsMax + 1 : 0 }, () => sample);
    await Promise.all(flood.map(({ path: streamed }) => ask({ method: 'GET', path: streamed }, 5_000)));
    for (const code of await codesOfChunked(operation, sample)) made.add(code);
    const missing = codes.filter((code) => !made.has(code) && !elsewhere.includes(code));
    // What was answered instead says why.
    expect({ missing, ...(missing.length > 0 && { answers }) }).toEqual({ missing: [] });
  });

  it.each(madeElsewhere)('are made elsewhere: $code in $file', ({ code, file, it: title }) => {
    const source = readFileSync(path.resolve(__dirname, '..', file), 'utf8');
    expect(findTest(source, title)).toContain(`'${code}'`);
  });

  /** What takes a body that comes in chunks. */
  async function codesOfChunked({ operationId, method }: Operation, sample: Sample): Promise<string[]> {
    const { url, apiKey } = standalone;
    const { path: asked, contentType = 'application/json' } = sample;
    const chunked = { method, path: asked, contentType, apiKey };
    const codes = method === 'GET' ? [] : [await codeOfBrokenBody(url, chunked)];
    if (operationId !== 'importBooks') return codes;
    return [...codes, String(await codeOfOpenBodies(url, chunked, importsMany, 60_000))];
  }
});
