import { WriterUnavailable } from '@fintech-ledger/journal';
import { FakeGateway, FakeKeys, issueKey } from '../../../../test/support/api-fakes';
import { apiKeyFreshMs } from '../limits';
import { KeyCheckedGateway } from './authenticator';

const { credentials } = issueKey(['*'], 1);
const envelope = {
  stream: 'journal-led_1',
  organizationId: 'org_1',
  actor: credentials.keyId,
  command: {},
  correlationId: 'req_1',
};

function checked() {
  const inner = new FakeGateway();
  const keys = new FakeKeys([credentials]);
  return { inner, keys, gateway: new KeyCheckedGateway(inner, keys) };
}

describe('the gateway of commands of API keys', () => {
  it('sends nothing more of a key once that is revoked', async () => {
    const { inner, keys, gateway } = checked();
    await gateway.submit(envelope);
    keys.revoked.add(credentials.keyId);
    await expect(gateway.submit(envelope)).rejects.toMatchObject({ code: 'unauthenticated', status: 401 });
    expect(inner.submitted).toHaveLength(1);
    expect(keys.refreshes).toBe(0);
  });

  it.each(['expired', 'replaced'] as const)('sends nothing more of a secret that is %s', async (end) => {
    const { inner, keys, gateway } = checked();
    keys.ends.set(`${credentials.keyId}/1`, end);
    await expect(gateway.submit(envelope)).rejects.toMatchObject({ code: 'unauthenticated', status: 401 });
    await gateway.submit({ ...envelope, actorSecret: 2 });
    expect(inner.submitted).toMatchObject([{ actorSecret: 2 }]);
  });

  it('asks when what is known is old, and sends nothing while it can not be known', async () => {
    const { inner, keys, gateway } = checked();
    keys.age = apiKeyFreshMs + 1;
    await expect(gateway.submit(envelope)).rejects.toThrow(WriterUnavailable);
    keys.onRefresh = () => keys.revoked.add(credentials.keyId).size > 0;
    await expect(gateway.submit(envelope)).rejects.toMatchObject({ status: 401 });
    expect(inner.submitted).toEqual([]);
    keys.revoked.clear();
    keys.onRefresh = () => (keys.age = 0) === 0;
    await gateway.submit(envelope);
    expect(inner.submitted).toHaveLength(1);
  });
});
