import { StoreUnavailable } from '@fintech-ledger/event-store';
import { WriterUnavailable } from '@fintech-ledger/journal';
import { accepted, FakeGateway } from '../../../../test/support/api-fakes';
import { AcknowledgedPositions, RememberingGateway, unlessWrong, WriteWatch } from './around-the-gateway';

const envelope = {
  stream: 'journal-led_1',
  organizationId: 'org_1',
  actor: 'key_1',
  command: {},
  correlationId: 'req_1',
};

function watched() {
  const gateway = new FakeGateway();
  const clock = { nowMs: 0 };
  const watch = new WriteWatch(gateway, () => clock.nowMs);
  const submit = async (answer: FakeGateway['answer'], given: object = {}): Promise<void> => {
    gateway.answer = answer;
    await watch.submit({ ...envelope, ...given }).catch(() => undefined);
  };
  return { clock, watch, submit };
}
const unavailable = () => Promise.reject(new StoreUnavailable('connect ECONNREFUSED'));

describe('WriteWatch', () => {
  it('says why nothing is written, once that has lasted, until something is', async () => {
    const { clock, watch, submit } = watched();
    await submit(unavailable);
    expect(watch.problem()).toBeUndefined();
    clock.nowMs = 2_000;
    expect(watch.problem()).toContain('connect ECONNREFUSED');
    // Neither proves that anything can be written.
    await submit(() => accepted('{}', true));
    await submit(() => accepted('{}'), { dryRun: true });
    expect(watch.problem()).toBeDefined();
    await submit(() => accepted('{}'));
    expect(watch.problem()).toBeUndefined();
  });

  it('takes one ledger among others for what it is', async () => {
    const { clock, watch, submit } = watched();
    for (; clock.nowMs < 10_000; clock.nowMs += 500) {
      await submit(() => Promise.reject(new WriterUnavailable('its invariant is broken')));
      await submit(() => accepted('{}'));
      expect(watch.problem()).toBeUndefined();
    }
  });

  it('forgets what is long ago, so that who gets no commands because of it is asked again', async () => {
    const { clock, watch, submit } = watched();
    await submit(unavailable);
    clock.nowMs = 31_000;
    expect(watch.problem()).toBeUndefined();
    await submit(unavailable);
    expect(watch.problem()).toBeUndefined();
  });

  it('minds neither refusals nor bugs', async () => {
    const { clock, watch, submit } = watched();
    await submit(() => Promise.reject(new TypeError('a bug')));
    clock.nowMs = 5_000;
    expect(watch.problem()).toBeUndefined();
  });
});

describe('unlessWrong', () => {
  it('hands nothing on while the store is the wrong one, and says why', async () => {
    const gateway = new FakeGateway();
    const reason = 'it is another installation’s';
    const store: { wrong: string | undefined } = { wrong: reason };
    const door = unlessWrong(gateway, store);
    await expect(door.submit(envelope)).rejects.toThrow(new StoreUnavailable(reason));
    expect(gateway.submitted).toHaveLength(0);
    store.wrong = undefined;
    gateway.answer = () => accepted('{}');
    await expect(door.submit(envelope)).resolves.toMatchObject({ kind: 'accepted' });
  });
});

describe('RememberingGateway', () => {
  it.each([
    ['a ledger', envelope.stream, {}, { ledgers: ['led_1'], organizations: [] }],
    ['the organization', 'org-org_1', {}, { ledgers: [], organizations: ['org_1'] }],
    ['nothing, after a dry run', envelope.stream, { dryRun: true }, { ledgers: [], organizations: [] }],
  ])('remembers the position of %s', async (_what, stream, given, noted) => {
    const gateway = new FakeGateway();
    gateway.answer = () => accepted('{}');
    const nothing = {
      hasReached: () => Promise.resolve(false),
      headOf: () => Promise.resolve(undefined),
    };
    const acknowledged = {
      ledgers: new AcknowledgedPositions(nothing, 10),
      organizations: new AcknowledgedPositions(nothing, 10),
    };
    await new RememberingGateway(gateway, acknowledged).submit({ ...envelope, ...given, stream });
    expect({
      ledgers: acknowledged.ledgers.outstanding(envelope.organizationId).map(({ owner }) => owner),
      organizations: acknowledged.organizations
        .outstanding(envelope.organizationId)
        .map(({ owner }) => owner),
    }).toEqual(noted);
  });
});
