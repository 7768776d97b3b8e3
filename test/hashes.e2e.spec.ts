import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LedgerOverHttp } from './support/ledger-over-http';
import { runStandalone } from './support/running-standalone';
import type { RunningStandalone } from './support/running-standalone';
import { repositoryRoot } from './support/up-process';

const reference = path.join(repositoryRoot, 'docs', 'reference');
interface Vector {
  readonly name: string;
  readonly event: { readonly data: string; readonly metadata: string };
  readonly fault: string | null;
}
const vectors = JSON.parse(readFileSync(path.join(reference, 'hash-vectors.json'), 'utf8')) as Vector[];

/** The verifier that the documentation offers, which is in another language and uses nothing of ours. */
function verify(input: string): { status: number | null; said: string } {
  const script = path.join(reference, 'verify_events.py');
  const { status, stdout, stderr, error } = spawnSync('python3', [script], { input, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return { status, said: stdout + stderr };
}

const line = ({ data, metadata, ...head }: Vector['event']): string =>
  `${JSON.stringify(head).slice(0, -1)},"data":${data},"metadata":${metadata}}`;

describe('the verifier in Python', () => {
  it('holds the vectors to be a chain', () => {
    const good = vectors.filter(({ fault }) => fault === null).map(({ event }) => line(event));
    expect(verify(good.join('\n'))).toMatchObject({
      status: 0,
      said: expect.stringContaining(`${good.length} events hold`) as string,
    });
    const [first = '', ...others] = good;
    expect(verify(others.join('\n'))).toMatchObject({
      status: 1,
      said: expect.stringMatching(/^revision 0 /) as string,
    });
    expect(verify([first, ...others.slice(1)].join('\n')).said).toMatch(/^revision 1 does not hold/);
  });

  it.each(vectors.filter(({ fault }) => fault !== null).map((vector) => [vector.name, vector] as const))(
    'refuses %s',
    (_, { event }) => {
      // Behind those that it follows.
      const { previousHash } = JSON.parse(event.metadata) as { previousHash: string };
      const before = vectors.filter(({ fault }) => fault === null).map((vector) => vector.event);
      const at = before.findIndex(({ metadata }) => metadata.includes(`"hash":"${previousHash}"`));
      const chain = [...before.slice(0, at + 1), event].map(line);
      expect(verify(chain.join('\n'))).toMatchObject({
        status: 1,
        said: expect.stringMatching(new RegExp(`^revision ${at + 1} does not hold`)) as string,
      });
    },
  );
});

it('says that there was nothing to verify, and does not call that a chain that holds', () => {
  expect(verify('')).toMatchObject({ status: 2, said: 'there are no events to verify\n' });
  const empty = verify('{"object":"list","data":[],"next_cursor":null}\n');
  expect(empty).toMatchObject({ status: 2, said: 'there are no events to verify\n' });
});

describe('the events of a running product', () => {
  let server: RunningStandalone;
  beforeAll(async () => {
    server = await runStandalone();
  }, 120_000);
  afterAll(() => server?.stop(), 60_000);

  it('hold for the verifier in Python, and do not once a digit of them is another', async () => {
    const ledger = await LedgerOverHttp.create(server, 'evidence');
    const rows = Array.from(
      { length: 60 },
      (_, row) =>
        `t${row},2024-01-01,assets:b"ank ${row % 7},${row + 1},EUR\nt${row},2024-01-01,income:x,-${row + 1},EUR\n`,
    );
    const csv = `transaction,date,account,amount,unit\n${rows.join('').replaceAll('b"ank', '"b€nk"').replaceAll('"', '')}`;
    await ledger.importCsv(csv);
    const described = {
      description: 'a "quoted" \u2028 \ud83c\udf1e \\ text',
      metadata: { '10': 'b', '9': 'a', Z: 'ü' },
    };
    const entry = (account: string, direction: string) => ({
      account,
      direction,
      amount: '5',
      currency: 'EUR',
    });
    await ledger.post('/accounts', { address: 'a', type: 'asset', currency: 'EUR' });
    await ledger.post('/accounts', { address: 'b', type: 'revenue', currency: 'EUR' });
    const posted = await ledger.post('/transactions', {
      entries: [entry('a', 'debit'), entry('b', 'credit')],
      ...described,
    });
    expect({ status: posted.status, text: await posted.text() }).toMatchObject({ status: 201 });

    const pages: string[] = [];
    let cursor = '';
    do {
      const answer = await ledger.fetch(`/v1/ledgers/${ledger.id}/events?limit=50${cursor}`);
      const text = await answer.text();
      pages.push(text);
      const { next_cursor: next, data } = JSON.parse(text) as {
        next_cursor: string | null;
        data: { hash: string; previous_hash: string; metadata: { hash: string; previousHash: string } }[];
      };
      for (const { hash, previous_hash, metadata } of data)
        expect([hash, previous_hash]).toEqual([metadata.hash, metadata.previousHash]);
      cursor = next === null ? '' : `&cursor=${encodeURIComponent(next)}`;
    } while (cursor !== '');

    expect(pages.length).toBeGreaterThan(1);
    const whole = verify(pages.join('\n'));
    expect(whole.said).toMatch(/^\d\d+ events hold; the last hash is [0-9a-f]{64}\n$/);
    const edited = verify(pages.join('\n').replace('"amount":"5000"', '"amount":"5001"'));
    expect(edited).toMatchObject({
      status: 1,
      said: expect.stringMatching(/^revision \d+ does not hold/) as string,
    });
  }, 60_000);
});
