import type { TransactionView } from '@fintech-ledger/ledger';
import type { ParsedEvent } from '../libs/testing/simulation';
import { LedgerClient } from './support/ledger-client';
import {
  eventsOf,
  expectBalanced,
  expectFiltered,
  expectJournal,
  importAgain,
  publicEventsOf,
  repeatAll,
  statusWithKey,
  trialOf,
  untilBuilt,
  untilExpired,
} from './support/upgrade/expectations';
import type { Upgraded } from './support/upgrade/expectations';
import { recordedVersions } from './support/upgrade/recording';
import { startUpgraded } from './support/upgrade/start-upgraded';
import type { RunningUpgrade } from './support/upgrade/start-upgraded';
import { buildStandalone } from './support/standalone-process';

jest.setTimeout(180_000);

beforeAll(() => buildStandalone());

/** The versions in which events of a type are recorded, in their order. */
const versionsOf = (events: readonly ParsedEvent[], type: string): readonly number[] =>
  events
    .filter((event) => event.type === type)
    .map(({ metadata }) => (metadata as { version: number }).version);

const versions = recordedVersions();
const cases = versions.flatMap((version) => [
  { version, mode: 'embedded' as const },
  { version, mode: 'distributed' as const },
]);

describe.each(cases)('a data folder of $version, $mode', ({ version, mode }) => {
  let running: RunningUpgrade;
  let upgraded: Upgraded;
  /** Made after the upgrade: it is hashed in another way than those before it. */
  let newKey: { readonly id: string; readonly key: string; readonly position: string };

  beforeAll(async () => {
    running = await startUpgraded(version, mode);
    const { url, recording } = running;
    upgraded = { url, recording, client: new LedgerClient(url, recording.apiKey) };
  });
  afterAll(async () => {
    await upgraded?.client.close();
    await running?.stop();
  });

  it('ends the holds whose time came while nothing ran, also those that only the tail of a journal knows', async () => {
    const { ledger, second, holds, secondHold } = upgraded.recording;
    const ended = [...holds.ended, ...holds.inTail];
    expect(await untilExpired(upgraded, ledger, ended)).toEqual(ended.map(() => 'expired'));
    expect(await untilExpired(upgraded, second, [secondHold])).toEqual(['expired']);
  });

  it('knows its keys: the first one, those that work, one with less rights, one that was revoked', async () => {
    const { apiKey, keys } = upgraded.recording;
    expect(running.apiKey).toBe(apiKey);
    expect(await statusWithKey(upgraded, apiKey)).toBe(200);
    expect(await statusWithKey(upgraded, keys.reader)).toBe(200);
    expect(await statusWithKey(upgraded, keys.revoked)).toBe(401);
    const asReader = new LedgerClient(upgraded.url, keys.reader);
    expect(await asReader.post(`/v1/ledgers/${upgraded.recording.ledger}/transfers`, {})).toMatchObject({
      status: 403,
    });
    await asReader.close();
  });

  it('makes keys in the organization that there is, beside those of before', async () => {
    const made = { name: 'After the upgrade', scopes: ['ledger:read'] };
    newKey = await upgraded.client.accepted('/v1/api_keys', made);
    const organizationOf = (position: string | undefined) => position?.split('@')[0];
    const recorded = upgraded.recording.exchanges.find(({ path }) => path === '/v1/api_keys');
    const { position } = JSON.parse(recorded?.answer ?? '{}') as { position?: string };
    expect(organizationOf(newKey.position)).toBe(organizationOf(position));
    expect(await statusWithKey(upgraded, newKey.key)).toBe(200);
  });

  it('answers every recorded command again with the same bytes, and books nothing by it', async () => {
    const { ledger, second } = upgraded.recording;
    const before = await Promise.all([ledger, second].map((id) => eventsOf(upgraded, id)));
    expect(await repeatAll(upgraded)).toEqual([]);
    const after = await Promise.all([ledger, second].map((id) => eventsOf(upgraded, id)));
    expect(after.map(({ length }) => length)).toEqual(before.map(({ length }) => length));
  });

  it('adds nothing when books that were imported are imported again', async () => {
    const before = await eventsOf(upgraded, upgraded.recording.ledger);
    expect(await importAgain(upgraded)).toMatchObject({
      transactions: expect.objectContaining({ imported: 0 }) as object,
    });
    expect(await eventsOf(upgraded, upgraded.recording.ledger)).toHaveLength(before.length);
  });

  it('goes on with open holds, and knows those that are done', async () => {
    const { ledger, holds } = upgraded.recording;
    const act = (id: string, action: string, body = {}) =>
      upgraded.client.post(`/v1/ledgers/${ledger}/transactions/${id}/${action}`, body);
    expect(await act(holds.open, 'capture')).toMatchObject({ status: 200 });
    expect(await act(holds.toVoid, 'void')).toMatchObject({ status: 200 });
    expect(await act(holds.partly, 'capture', { amount: '1000' })).toMatchObject({ status: 200 });
    expect(await act(holds.farEnd, 'void')).toMatchObject({ status: 200 });
    expect(await act(holds.captured, 'capture')).toMatchObject({ code: 'already_captured' });
    expect(await act(holds.voided, 'capture')).toMatchObject({ code: 'already_voided' });
    for (const id of [...holds.ended, ...holds.inTail])
      expect(await act(id, 'capture')).toMatchObject({ code: 'hold_expired' });
  });

  it('captures and reverses on what was captured and reversed before, in the newest version of these events', async () => {
    const { ledger, holds } = upgraded.recording;
    const path = `/v1/ledgers/${ledger}/transactions`;
    const events = await eventsOf(upgraded, ledger);
    const reversal = events.find(({ type }) => type === 'TransactionReversed');
    const original = (reversal?.data as { original: { id: string } }).original.id;
    const reverse = async (id: string, body: object) =>
      (await upgraded.client.accepted<TransactionView>(`${path}/${id}/reverse`, body)).id;
    const later = await reverse(original, { amount: '100' });
    const ofHold = await reverse(holds.partly, { amount: '150' });

    const { position } = await upgraded.client.accepted<{ position: string }>(
      `${path}/${original}/reverse`,
      {},
    );
    const viewOf = (id: string) => upgraded.client.get<TransactionView>(`${path}/${id}`, position);
    const twice = await viewOf(original);
    expect(twice.entries.map(({ amount, reversed }) => amount === reversed)).toEqual([true, true]);
    expect(twice.reversed_by).toHaveLength(3);
    expect(twice.reversed_by[1]).toBe(later);
    const listed = await upgraded.client.get<{ data: TransactionView[] }>(`${path}?reverses=${original}`);
    expect(listed.data.map(({ id }) => id)).toEqual([...twice.reversed_by].reverse());
    const hold = await viewOf(holds.partly);
    expect(hold.entries.map(({ captured, reversed }) => [captured, reversed])).toEqual([
      ['1200', '150'],
      ['1200', '150'],
    ]);
    expect(hold.reversed_by).toEqual([ofHold]);
    expect(versionsOf(await eventsOf(upgraded, ledger), 'HoldCaptured')).toEqual([1, 1, 4, 4]);
    expect(versionsOf(await eventsOf(upgraded, ledger), 'TransactionReversed')).toEqual([1, 1, 3, 3, 3]);
  });

  it('keeps what bounds, references and closed accounts forbid', async () => {
    const path = `/v1/ledgers/${upgraded.recording.ledger}/transfers`;
    const transfer = (credit: string, more: object = {}) =>
      upgraded.client.post(path, {
        debit_account: 'cash',
        credit_account: credit,
        amount: '1',
        currency: 'USD',
        ...more,
      });
    expect(await transfer('merchants:acme', { reference: 'order-1' })).toMatchObject({
      code: 'reference_taken',
    });
    expect(await transfer('old:frozen')).toMatchObject({ code: 'account_frozen' });
    expect(await transfer('old:closed')).toMatchObject({ code: 'account_closed' });
    expect(await transfer('merchants:beta', { amount: '3000000' })).toMatchObject({
      code: 'balance_above_maximum',
    });
  });

  it('has the recorded journals unchanged, with chains that hold to what was booked since', async () => {
    const { ledger, second } = upgraded.recording;
    await expectJournal(upgraded, ledger);
    await expectJournal(upgraded, second);
  });

  it('books on, and its read models follow and balance', async () => {
    const { ledger } = upgraded.recording;
    const { position } = await upgraded.client.accepted<{ position: string }>(
      `/v1/ledgers/${ledger}/transfers`,
      { debit_account: 'cash', credit_account: 'merchants:acme', amount: '1', currency: 'USD' },
    );
    await expectBalanced(upgraded, position);
    const projections = await upgraded.client.get<{ data: { state: string }[] }>('/v1/projections');
    expect(projections.data.map(({ state }) => state)).not.toContain('halted');
  });

  it('tells what happened before and since as public events', async () => {
    const { ledger } = upgraded.recording;
    const told = await publicEventsOf(upgraded, ledger);
    const events = await eventsOf(upgraded, ledger);
    const published = events.filter(({ type }) => type !== 'TransactionsRefused');
    expect(told.map(({ position }) => Number(position?.split('@')[1]))).toEqual(
      published.map(({ revision }) => revision).reverse(),
    );
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
    const [newest] = told;
    expect(await upgraded.client.get(`/v1/events/${newest?.id}`)).toEqual(newest);
    const ledgers = await upgraded.client.get<{ data: { data: { object: { id: string } } }[] }>(
      '/v1/events?type=ledger.created',
    );
    expect(ledgers.data.map(({ data }) => data.object.id)).toContain(ledger);
  });

  it('finds events by type and by account, from an index that begins with the first of them', async () => {
    await untilBuilt(upgraded);
    const addresses = ['cash', 'merchants:beta', 'old:frozen', 'customers:7', 'assets:tokens'];
    await expectFiltered(upgraded, upgraded.recording.ledger, addresses);
  });

  it('knows balances as of a moment, from sums of what was booked before there were any', async () => {
    const { client, recording } = upgraded;
    expect(await trialOf(upgraded, '?as_of=2026-01-06T12:00:00.000Z&axis=effective')).toEqual([
      ['assets:bank', '150025', '0'],
      ['assets:tokens', '125', '0'],
      ['cash', '700', '0'],
      ['equity:opening', '0', '150025'],
      ['equity:opening:tokens', '0', '125'],
      ['merchants:acme', '0', '700'],
    ]);
    const bankAt = async (time: string) => {
      const path = `/v1/ledgers/${recording.ledger}/accounts/assets:bank/balance`;
      return (await client.get<{ posted: { balance: string } }>(`${path}?as_of=${time}&axis=effective`))
        .posted.balance;
    };
    const times = ['2026-01-04T23:59:59.999Z', '2026-01-05T00:00:00.000Z', '2026-01-07T00:00:00.000Z'];
    expect(await Promise.all(times.map(bankAt))).toEqual(['0', '150025', '140025']);
    const now = new Date().toISOString();
    expect(await trialOf(upgraded, `?as_of=${now}`)).toEqual(await trialOf(upgraded, ''));
  });

  it('starts again on what it wrote itself', async () => {
    await upgraded.client.close();
    await running.restart();
    const { url, recording } = running;
    upgraded = { url, recording, client: new LedgerClient(url, recording.apiKey) };
    expect(await repeatAll(upgraded)).toEqual([]);
    await expectJournal(upgraded, recording.ledger);
    expect(running.apiKey).toBe(recording.apiKey);
    for (const key of [recording.apiKey, recording.keys.reader, newKey.key])
      expect(await statusWithKey(upgraded, key)).toBe(200);
    expect(await statusWithKey(upgraded, recording.keys.revoked)).toBe(401);
    await upgraded.client.accepted(`/v1/api_keys/${newKey.id}/revoke`, {});
    expect(await statusWithKey(upgraded, newKey.key)).toBe(401);
  });
});
