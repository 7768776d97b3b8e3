import {
  CompactTree,
  consistencyRanges,
  inclusionRanges,
  newSealedKey,
  openSealedKey,
  ProofBundles,
  signHead,
} from '@fintech-ledger/audit';
import { exportFormats } from '@fintech-ledger/books/formats';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { Broken, verify } from '@fintech-ledger/ledger-verifier';
import type { Given } from '@fintech-ledger/ledger-verifier';
import { randomJournal } from '@fintech-ledger/testing';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

// Both verifiers are given the same files, and have to say the same.
jest.setTimeout(180_000);

const ledger = 'led_one';
const pepper = 'a pepper of at least 32 characters';
const sealed = newSealedKey(pepper);
const key = { keyId: sealed.keyId, privateKey: openSealedKey(pepper, sealed) };
const keys = {
  data: [{ key_id: key.keyId, public_key: sealed.publicKey, created_at: '', retired_at: null }],
};
const events = randomJournal({ ledgerId: ledger, seed: 41, commands: 300 }).recorded;
const rewritten = randomJournal({ ledgerId: ledger, seed: 42, commands: 300 }).recorded;
const size = events.length;

/** As the API gives it. */
function eventJson({ id, type, stream, revision, data, metadata }: RecordedEvent): string {
  const head = JSON.stringify({ id, object: 'event', type, stream, revision });
  return `${head.slice(0, -1)},"data":${data},"metadata":${metadata}}`;
}
const hashOf = ({ metadata }: RecordedEvent): Buffer =>
  Buffer.from((JSON.parse(metadata) as { hash: string }).hash, 'hex');
function rootOf(of: readonly RecordedEvent[], from = 0, to = of.length): Buffer {
  const tree = new CompactTree();
  for (const event of of.slice(from, to)) tree.add(hashOf(event));
  return tree.root();
}
const headOf = (
  of: readonly RecordedEvent[],
  to = of.length,
  time = '2026-01-31T12:00:00.000Z',
  owner = ledger,
) => signHead(key, { ledger: owner, size: to, root: rootOf(of, 0, to).toString('hex'), time });
/** As they are published day by day, each with what ties it to the one before. */
function publishedOf(of: readonly RecordedEvent[], sizes: readonly number[], path = hexOf): string {
  const lines = sizes.map((to, n) => {
    const from = sizes[n - 1];
    const consistency = from === undefined ? null : { from, path: path(consistencyRanges(from, to)) };
    const head = headOf(of, to, `2026-01-${String(10 + n)}T12:00:00.000Z`);
    return `${JSON.stringify({ ...head, object: 'published_head', consistency })}\n`;
  });
  return lines.join('');
}
const linesOf = (of: readonly RecordedEvent[]): string => of.map((event) => `${eventJson(event)}\n`).join('');
const hexOf = (ranges: ReturnType<typeof inclusionRanges>): readonly string[] =>
  ranges.map(({ from, to }) => rootOf(events, from, to).toString('hex'));

/** Of the events as they are, as the API gives it. */
async function exported(): Promise<string> {
  const proofs = new ProofBundles(
    {
      haltedReason: () => Promise.resolve(undefined),
      waitFor: () => Promise.resolve(true),
      size: () => Promise.resolve(size),
      tree: () => ({ root: () => Promise.resolve(rootOf(events)) }) as never,
    },
    { signing: () => Promise.resolve(key) },
  );
  const from = async function* () {
    for (const event of events) yield await Promise.resolve(event);
  };
  const source = {
    ledger: { id: ledger, name: 'Books' },
    revision: size - 1,
    unit: () => Promise.resolve(null),
    ...(await proofs.over('org_test', ledger, from)),
  };
  let text = '';
  for await (const line of exportFormats.ndjson.write(source)) text += line;
  return text;
}

let folder: string;
let books: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'fintech-ledger-verifier-'));
  books = await exported();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Texts = { readonly [Name in keyof Given]?: string | object };
const python = path.resolve(__dirname, '../libs/ledger-verifier/python/ledger_verifier.py');

/** What both verifiers say, and the exit code. */
async function judged({ revision, ledger: of, ...texts }: Texts): Promise<{ code: number; said: string }> {
  const files: Record<string, string> = {};
  for (const [name, text] of Object.entries({ keys, ...texts })) {
    files[name] = path.join(folder, name);
    writeFileSync(files[name], typeof text === 'string' ? text : JSON.stringify(text));
  }
  const given = {
    ...files,
    ...(revision === undefined ? {} : { revision: String(revision) }),
    ...(of === undefined ? {} : { ledger: String(of) }),
  };
  const parameters = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  const { status, stdout, stderr } = spawnSync('python3', [python, ...parameters], { encoding: 'utf8' });
  const theirs = { code: status ?? -1, said: (stdout + stderr).trim().replace(/^ledger-verifier: /, '') };
  const ours = await verify(given).then(
    (said) => ({ code: 0, said: said.join('\n') }),
    (error: unknown) => ({ code: error instanceof Broken ? 1 : 2, said: (error as Error).message }),
  );
  // What a parser says of a text that is no JSON is its own.
  const plain = ({ code, said }: typeof ours) => ({ code, said: said.replace(/ \(.*\)$/s, '') });
  expect(plain(ours)).toEqual(plain(theirs));
  return ours;
}

const line = (text: string, number: number): string => text.split('\n')[number - 1] ?? '';
const without = (text: string, number: number): string =>
  text
    .split('\n')
    .filter((_, at) => at !== number - 1)
    .join('\n');
const lastLine = (): number => books.trimEnd().split('\n').length;

describe('the verifiers of ledgers', () => {
  it('say what holds: an export, events, heads and proofs', async () => {
    expect(await judged({ export: books })).toMatchObject({ code: 0 });
    const all = { events: linesOf(events), export: books, 'older-head': headOf(events, 99) };
    const { code, said } = await judged(all);
    expect([code, said]).toEqual([0, said]);
    expect(said).toContain(
      `${size} events hold, and have the root of the older head, and have the root of the head`,
    );
    expect(said).toContain('the tree begins with the 99 events of the older head');
    const pages = `{"data":[${linesOf(events).trimEnd().split('\n').join(',')}],"has_more":false,"next_cursor":null}\n`;
    expect(await judged({ events: pages })).toMatchObject({ code: 0 });
  });

  it('say that there was nothing to verify, unless a head says that events are missing', async () => {
    for (const nothing of ['', '{"data":[],"has_more":false,"next_cursor":null}\n'])
      expect(await judged({ events: nothing })).toEqual({ code: 2, said: 'there are no events to verify' });
    expect(await judged({ events: '', head: headOf(events) })).toMatchObject({ code: 1 });
  });

  it('follow inclusion and consistency proofs', async () => {
    const head = headOf(events);
    for (const revision of [0, 1, 98, size - 1]) {
      const proof = {
        leaf: hashOf(events[revision] as RecordedEvent).toString('hex'),
        path: hexOf(inclusionRanges(revision, size)),
      };
      expect(await judged({ head, proof, revision: String(revision) })).toMatchObject({ code: 0 });
      expect(await judged({ head, proof, revision: '97' })).toMatchObject({ code: 1 });
    }
    for (const older of [1, 64, 99, size]) {
      const consistency = { path: hexOf(consistencyRanges(older, size)) };
      expect(await judged({ head, 'older-head': headOf(events, older), consistency })).toMatchObject({
        code: 0,
      });
    }
    const consistency = { path: hexOf(consistencyRanges(99, size)) };
    const other = await judged({ head, 'older-head': headOf(rewritten, 99), consistency });
    expect(other).toMatchObject({
      code: 1,
      said: expect.stringContaining('history was rewritten') as string,
    });
  });

  it.each([
    [
      'one byte of one event',
      (t: string) => t.replace('"recordedAt":"2026', '"recordedAt":"2025'),
      'revision 0',
    ],
    ['an event in the middle deleted', (t: string) => without(t, 51), 'revision 50'],
    [
      'two events swapped',
      (t: string) => `${without(t, 51).replace(line(t, 52), `${line(t, 52)}\n${line(t, 51)}`)}`,
      'revision 50',
    ],
    ['the last events deleted', (t: string) => t.split('\n').slice(0, 90).join('\n'), 'revision 90'],
    ['a line cut', (t: string) => t.slice(0, -30), `revision ${size - 1}`],
    ['a member twice', (t: string) => t.replace('{"id":', '{"id":"x","id":'), 'revision 0'],
  ])('name the revision of %s', async (_what, edit, place) => {
    const head = headOf(events);
    const { code, said } = await judged({ events: edit(linesOf(events)), head });
    expect([code, said.slice(0, place.length + 1)]).toEqual([1, `${place} `]);
  });

  it('catch a rewritten and a shortened history by a head that was kept', async () => {
    const kept = headOf(events, 99);
    const again = await judged({ events: linesOf(rewritten), head: headOf(rewritten), 'older-head': kept });
    expect(again).toMatchObject({
      code: 1,
      said: expect.stringContaining('the older head does not hold') as string,
    });
    const cut = events.slice(0, 60);
    const short = await judged({ events: linesOf(cut), head: headOf(cut), 'older-head': kept });
    expect(short).toMatchObject({
      code: 1,
      said: expect.stringContaining('revision 60 does not hold') as string,
    });
  });

  it('say that published heads hold, of one ledger among several, and that books go on from them', async () => {
    const heads = publishedOf(events, [0, 1, 60, 99]);
    expect(await judged({ heads })).toMatchObject({
      code: 0,
      said: '4 published heads hold, the newest has 99 events',
    });
    // One that was sent again, in any order.
    const again = heads + line(heads, 2) + '\n';
    expect(await judged({ heads: again })).toMatchObject({ code: 0 });
    const all = await judged({ heads, events: linesOf(events), export: books });
    expect([all.code, all.said]).toEqual([0, all.said]);
    expect(all.said).toContain(
      `${size} events hold, and have the root of the head, and have the roots of the published`,
    );
    expect(all.said).toContain('the tree begins with the 99 events of the newest published head');
    const consistency = { path: hexOf(consistencyRanges(99, size)) };
    expect(await judged({ heads, export: books, consistency })).toMatchObject({ code: 0 });
    expect(await judged({ heads: publishedOf(events, [99, size]), export: books })).toMatchObject({
      code: 0,
    });
    const others = `${heads}${JSON.stringify(headOf(events, 7, '2026-01-09T12:00:00.000Z', 'led_two'))}\n`;
    expect(await judged({ heads: others })).toMatchObject({ code: 2 });
    expect(await judged({ heads: others, ledger })).toMatchObject({ code: 0 });
    expect(await judged({ heads: others, export: books, events: linesOf(events) })).toMatchObject({
      code: 0,
    });
    expect(await judged({ heads, export: books })).toMatchObject({ code: 2 });
  });

  const kept = publishedOf(events, [0, 60, 99]);
  const tail = (of: readonly RecordedEvent[], to: number, consistency: object | null = null): string =>
    `${JSON.stringify({ ...headOf(of, to), object: 'published_head', consistency })}\n`;
  it.each<[string, () => Texts, RegExp]>([
    [
      'a history that was rewritten, in its events',
      () => ({ heads: kept, events: linesOf(rewritten) }),
      /^the head published at 2026-01-11\S+ does not hold: its root .* was rewritten$/,
    ],
    [
      'one that was rewritten, in a head with a proof of its own tree',
      () => ({
        heads: kept,
        head: headOf(rewritten, 200),
        consistency: {
          path: consistencyRanges(99, 200).map(({ from, to }) => rootOf(rewritten, from, to).toString('hex')),
        },
      }),
      /^the consistency proof does not hold: .* was rewritten$/,
    ],
    [
      'one that was rewritten, in a head of as many events',
      () => ({ heads: kept, head: headOf(rewritten, 99) }),
      /^the head does not hold: it has another root than was published/,
    ],
    [
      'one that was rewritten, and published again',
      () => ({ heads: kept + tail(rewritten, 99) }),
      /^line 4 of the heads does not hold: it has another root/,
    ],
    [
      'one that was rewritten, and went on',
      () => ({
        heads:
          kept +
          tail(rewritten, 120, {
            from: 99,
            path: consistencyRanges(99, 120).map(({ from, to }) =>
              rootOf(rewritten, from, to).toString('hex'),
            ),
          }),
      }),
      /^line 4 of the heads does not hold: it does not continue the 99 events at \S+: the history was rewritten$/,
    ],
    [
      'one that was shortened, in its events',
      () => ({ heads: kept, events: linesOf(events.slice(0, 80)) }),
      /^revision 80 does not hold: it is missing, the head published at 2026-01-12\S+ has 99 events and there are 80$/,
    ],
    [
      'one that was shortened, in its head',
      () => ({ heads: kept, head: headOf(events, 80) }),
      /^revision 80 does not hold: it is missing, the newest published head has 99 events and the head 80$/,
    ],
    [
      'one that was shortened, and published again',
      () => ({ heads: kept + tail(events, 80) }),
      /^line 4 of the heads does not hold: it has 80 events, and there were 99 at \S+: the history was shortened$/,
    ],
    [
      'a published head that was edited',
      () => ({ heads: kept.replace('"size":60', '"size":61') }),
      /^line 2 of the heads does not hold: the head's signature is not by the key/,
    ],
    ['a line that was cut', () => ({ heads: kept.slice(0, -20) }), /^line 3 of the heads does not hold/],
  ])('catch by published heads %s', async (_what, given, said) => {
    const judgement = await judged(given());
    expect([judgement.code, judgement.said]).toEqual([1, expect.stringMatching(said)]);
  });

  it('want the events, where a published head is not tied to the one before it', async () => {
    const heads = kept + tail(events, 120);
    expect(await judged({ heads })).toMatchObject({ code: 2 });
    expect(await judged({ heads, events: linesOf(events) })).toMatchObject({ code: 0 });
    expect(await judged({ heads: kept + tail(rewritten, 120), events: linesOf(events) })).toMatchObject({
      code: 1,
    });
    expect(await judged({ heads: '' })).toMatchObject({ code: 1 });
  });

  it.each([
    [
      'an amount edited',
      () => books.replace('"amount":"', '"amount":"1'),
      /^line \d+ does not hold: its debits/,
    ],
    ['a line deleted', () => without(books, 5), /^line \d+ does not hold: \d+ lines were before it/],
    [
      'a name edited',
      () => books.replace('"name":"Books"', '"name":"Bookz"'),
      /^line \d+ \(the proof bundle\)/,
    ],
    [
      'the bundle cut off',
      () => without(books, lastLine()),
      /the proof bundle is missing, the export was cut/,
    ],
    ['the bundle cut', () => books.slice(0, -40), /^line \d+ does not hold/],
    [
      'a line after it',
      () => `${books}{"object":"void","transaction":"txn_1"}\n`,
      /it follows the proof bundle/,
    ],
    [
      'its head edited',
      () => books.replace(/"size":\d+/, '"size":7'),
      /^line \d+ \(the proof bundle\).*signature/,
    ],
    [
      'its signature edited',
      () => books.replace(/"signature":"..([^"]+)"}\n$/, '"signature":"AA$1"}\n'),
      /its signature/,
    ],
  ])('name the line of an export with %s', async (_what, edited, said) => {
    const judgement = await judged({ export: edited() });
    expect(judgement.code).toBe(1);
    expect(judgement.said).toMatch(said);
  });

  it('want to know the key, and files that there are', async () => {
    const other = { data: [{ ...keys.data[0], key_id: 'adk_other' }] };
    const unknown = await judged({ keys: other, export: books });
    expect(unknown).toMatchObject({ code: 1, said: expect.stringContaining('not among the keys') as string });
    expect(await judged({})).toMatchObject({ code: 2 });
    expect(await judged({ keys: 'x', export: books })).toMatchObject({ code: 2 });
  });
});
