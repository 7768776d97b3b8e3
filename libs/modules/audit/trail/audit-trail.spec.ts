import type { AuditCommand, RecordActions } from '@fintech-ledger/audit/domain';
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
    submit: ({ organizationId, command }: CommandEnvelope<AuditCommand>) => {
      if (broken.has(organizationId)) return Promise.reject(new Error('no writer'));
      const lines = command.type === 'RecordRefusals' ? command.attempts : command.actions;
      recorded.push(...lines.map(({ requestId }) => requestId));
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

describe('what was done', () => {
  const endpoint = {
    kind: 'plain',
    operation: 'replayWebhooks',
    parameters: [{ name: 'endpoint', pattern: /^we_[a-z0-9]+$/ }],
  };
  const params = { endpoint: 'we_1' };
  const asked = (more: object = {}): ApiRequest =>
    ({
      ...{
        endpoint,
        method: 'POST',
        params,
        query: {},
        body: {},
        made: null,
        id: 'req_1',
        problemCode: null,
      },
      ...more,
    }) as unknown as ApiRequest;
  const noted = async (request: ApiRequest, note: 'done' | 'refused' = 'done') => {
    const commands: AuditCommand[] = [];
    const gateway = {
      submit({ command }: CommandEnvelope<AuditCommand>) {
        commands.push(command);
        return Promise.resolve({ kind: 'accepted' });
      },
    };
    const trail = new AuditTrail({ gateway, sql: {}, originDays: 1, log: {} } as never);
    if (note === 'done') trail.done(request, by('org_1'));
    else trail.refused(request, by('org_1'), 422, 'empty_replay_range');
    await trail.close();
    return commands;
  };
  const actionOf = async (request: ApiRequest) => ((await noted(request))[0] as RecordActions).actions[0];

  it('is told with the last id of its path, or with what it made there', async () => {
    const common = { action: 'replayWebhooks', actor: 'key_org_1', count: 1, requestId: 'req_1' };
    expect(await actionOf(asked())).toEqual({
      ...{ ...common, at: expect.any(String) as string },
      ...{ targetId: 'we_1', targetType: 'endpoint', parentId: null },
    });
    expect(await actionOf(asked({ made: { type: 'replay', id: 'rpl_1' } }))).toEqual({
      ...{ ...common, at: expect.any(String) as string },
      ...{ targetId: 'rpl_1', targetType: 'replay', parentId: 'we_1' },
    });
    const of = { ...endpoint, parameters: [{ ...endpoint.parameters[0], of: 'webhook_endpoint' }] };
    expect(await actionOf(asked({ endpoint: of }))).toMatchObject({ targetType: 'webhook_endpoint' });
    expect(await noted(asked())).toMatchObject([{ type: 'RecordActions', attempts: [] }]);
    // What is no id may be anything.
    const nobody = asked({ params: { endpoint: 'jenny@example.com' } });
    expect(await actionOf(nobody)).toMatchObject({ targetId: null, targetType: null, parentId: null });
  });

  it.each([
    ['a command, which has its events', { endpoint: { ...endpoint, kind: 'command' } }],
    ['a query', { method: 'GET' }],
    ['a query of its head', { method: 'HEAD' }],
    ['nothing of the contract', { endpoint: null }],
  ])('is not told of %s', async (_of, more) => {
    expect(await noted(asked(more))).toEqual([]);
  });

  it.each(['done', 'refused'] as const)(
    'is no dry run that was %s, where its body may say so',
    async (note) => {
      const tried = { body: { dry_run: true } };
      expect(await noted(asked({ ...tried, endpoint: { ...endpoint, isTriedByBody: true } }), note)).toEqual(
        [],
      );
      // Of any other operation the member is only one that it does not take.
      expect(await noted(asked(tried), note)).toHaveLength(1);
    },
  );
});
