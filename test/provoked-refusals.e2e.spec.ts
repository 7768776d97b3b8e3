import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { eventStreamsMax } from '../libs/engine/http/limits';
import { apiOperations } from './support/fuzz/api-operations';
import { HttpSpec } from './support/http-spec';
import type { HttpRequest } from './support/http-spec';
import { probesOfAny } from './support/refusals/any-operation';
import { madeElsewhere, unproven } from './support/refusals/elsewhere';
import { openSampleBooks } from './support/refusals/sample-books';
import type { SampleBooks } from './support/refusals/sample-books';
import { probesOf, sampleOf } from './support/refusals/samples';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

// Each code that schemas/openapi.json lists for an operation is an answer that a client can get: it is provoked here, or in the test that is named; `unproven` has the rest.
// That no other code is answered is held by HttpSpec.
jest.setTimeout(180_000);

const listed = apiOperations.map((operation) => ({
  operation,
  operationId: operation.operationId,
  codes: Object.values(operation.responses).flatMap(
    ({ content = {} }) =>
      (content['application/problem+json']?.schema.properties?.['code']?.enum ?? []) as readonly string[],
  ),
}));

describe('the refusals in schemas/openapi.json, over HTTP', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let standalone: StandaloneProcess;
  let http: HttpSpec;
  let books: SampleBooks;

  beforeAll(async () => {
    buildStandalone();
    folder = await temporaryFolder();
    standalone = await startStandaloneProcess({ dataFolder: folder.path });
    http = new HttpSpec(standalone.url, standalone.apiKey, '');
    books = await openSampleBooks(http);
  });
  afterAll(async () => {
    await standalone?.stop();
    await folder?.remove();
  });

  it.each(listed)('are each made for $operationId', async ({ operation, operationId, codes }) => {
    const elsewhere = madeElsewhere.flatMap((one) =>
      one.operationId === undefined || one.operationId === operationId ? [one.code] : [],
    );
    const sample = sampleOf(operationId, operation.path, books);
    const made = new Set<string>();
    const ask = async (probe: HttpRequest, patienceMs: number) => {
      const sent = http.send(probe);
      sent.catch(() => undefined);
      const answer = await Promise.race([sent, setTimeout(patienceMs, undefined, { ref: false })]);
      for (const code of codesIn(answer?.json ?? {})) made.add(code);
    };
    // A stream of events that is accepted has no end.
    const isStream = operationId === 'streamEvents';
    for (const probe of [...probesOf(operationId, books), ...probesOfAny(operation, sample, books)])
      await ask(probe, isStream ? 300 : 60_000);
    const flood = Array.from({ length: isStream ? eventStreamsMax + 1 : 0 }, () => sample);
    await Promise.all(flood.map(({ path: streamed }) => ask({ method: 'GET', path: streamed }, 5_000)));
    expect(
      codes.filter(
        (code) =>
          !made.has(code) && !elsewhere.includes(code) && !(unproven[operationId] ?? []).includes(code),
      ),
    ).toEqual([]);
  });

  it.each(madeElsewhere)('are made elsewhere: $code in $file', ({ code, file }) => {
    expect(readFileSync(path.resolve(__dirname, '..', file), 'utf8')).toContain(`'${code}'`);
  });
});

/** Of the answer itself, of an import's lines, of a bulk's parts. */
function codesIn({ code, errors, data }: Readonly<Record<string, unknown>>): readonly string[] {
  const parts = [errors, data].flatMap((list) => (Array.isArray(list) ? (list as { code?: unknown }[]) : []));
  return [code, ...parts.map((part) => part?.code)].filter((one) => typeof one === 'string');
}
