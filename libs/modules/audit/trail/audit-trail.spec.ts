import type { RecordRefusals } from '@fintech-ledger/audit/domain';
import type { ApiRequest, Principal } from '@fintech-ledger/http';
import type { CommandEnvelope, CommandGateway } from '@fintech-ledger/journal';
import { AuditTrail } from './audit-trail';

const request = (id: string): ApiRequest =>
  ({
    ...{ endpoint: { operation: 'createLedger', parameters: [] }, method: 'POST', params: {}, query: {} },
    ...{ id, problemCode: 'missing_field' },
  }) as unknown as ApiRequest;
const by = (organizationId: string): Principal =>
  ({ apiKeyId: `key_${organizationId}`, organizationId }) as unknown as Principal;
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
};

it('records the attempts of others while those of one organization can not be written, and these later', async () => {
  const recorded: string[] = [];
  const broken = new Set(['org_1']);
  const warned: object[] = [];
  const gateway = {
    submit: ({ organizationId, command }: CommandEnvelope<RecordRefusals>) => {
      if (broken.has(organizationId)) return Promise.reject(new Error('no writer'));
      recorded.push(...command.attempts.map(({ requestId }) => requestId));
      return Promise.resolve({ kind: 'accepted' });
    },
  } as unknown as CommandGateway;
  const log = { warn: (facts: object) => warned.push(facts) };
  const trail = new AuditTrail({ gateway, sql: {}, originDays: 1, log } as never);
  trail.refused(request('req_1'), by('org_1'), 400);
  trail.refused(request('req_2'), by('org_2'), 400);
  trail.start();
  await until(() => recorded.includes('req_2') && warned.length > 0);
  for (const [id, organization] of [
    ['req_3', 'org_1'],
    ['req_4', 'org_2'],
  ] as const)
    trail.refused(request(id), by(organization), 400);
  await until(() => recorded.includes('req_4'));
  expect(recorded).toEqual(['req_2', 'req_4']);
  expect(warned[0]).toEqual({ problem: 'no writer' });
  broken.clear();
  await until(() => recorded.length === 4);
  await trail.close();
  expect(recorded).toEqual(['req_2', 'req_4', 'req_1', 'req_3']);
});
