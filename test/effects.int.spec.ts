import { journalStream, organizationStream } from '@fintech-ledger/envelope';
import { envelope } from '@fintech-ledger/journal';
import { Modules } from '@fintech-ledger/manifest';
import { modules } from '../apps/modules';
import { carrierModule } from '../libs/testing/carrier/carrier-module';
import type { CarrierCommand } from '../libs/testing/carrier/carrier-part';
import { FakeCarrier } from '../libs/testing/carrier/fake-carrier';
import { documentedFetch } from './support/documented-fetch';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(180_000);

// A process whose list of modules has one that no product has: what its events intend is done by a carrier.
const carrier = new FakeCarrier(() => 0.5, { lost: 0, unanswered: 0, refused: 0 });
const joined = new Modules([
  ...modules.manifests,
  carrierModule({ carrier: () => Promise.resolve(carrier) }),
]);

describe('what events of a module intend', () => {
  let parts: PartsInProcess;
  let ledger: string;
  let organizationId: string;

  const get = async (path: string) => {
    const headers = { authorization: `Bearer ${parts.apiKey}` };
    return documentedFetch(`${parts.url}${path}`, { headers });
  };
  const submit = async (stream: string, command: object, key: string): Promise<Record<string, unknown>> => {
    const by = { organizationId, actor: 'system', correlationId: key, dryRun: false };
    const of = envelope(stream, command, { ...by, idempotencyKey: key, requestHash: key });
    const outcome = await parts.gateway.submit(of);
    if (outcome.kind === 'refused') throw new Error(`${key}: ${outcome.refusal.code}`);
    return JSON.parse(outcome.answer) as Record<string, unknown>;
  };
  const send = (command: CarrierCommand, key: string) => submit(journalStream(ledger), command, key);

  beforeAll(async () => {
    parts = await startParts('embedded', joined);
    const answer = await get('/v1/ledgers');
    organizationId = answer.headers.get('ledger-position')?.split('@')[0] ?? '';
    const create = { type: 'CreateLedger', name: 'Carried', managed: 'carrier' };
    ledger = String((await submit(organizationStream(organizationId), create, 'ledger'))['id']);
  });
  afterAll(() => parts?.close());

  it('is done by what its manifest loads, and what came of it is booked and shown', async () => {
    const answer = await send({ type: 'HandOver', parcelId: 'p1', currency: 'USD' }, 'p1');
    expect(answer).toMatchObject({ object: 'call', isOpen: true, attempt: 1 });
    const events = () => parts.store.readStream(journalStream(ledger), { limit: 10 });
    while ((await events()).length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect((await events()).map(({ type }) => type)).toEqual(['CarrierAttempted', 'CarrierTook']);
    const query = `/v1/ledgers/${ledger}/accounts/carrier:USD:carrier/balance`;
    const headers = { authorization: `Bearer ${parts.apiKey}`, 'ledger-min-position': `${ledger}@1` };
    const shown = await documentedFetch(`${parts.url}${query}`, { headers });
    expect(await shown.json()).toMatchObject({ posted: { balance: '1' } });
    expect([...carrier.truth]).toEqual([['p1', 'taken']]);
  });
});
