import type { WebhookCommand } from './commands';
import { decideWebhooks } from './decide';
import { webhookEvents } from './events';
import type { WebhookEvent } from './events';
import { evolveWebhooks } from './evolve';
import type { EndpointFacts } from './facts';
import { secretsInForceMax, webhookEndpointsMax } from './limits';
import type { WebhookRecord } from './records';

const now = '2026-01-02T03:04:05.678Z';
const settings = {
  description: 'The shop',
  eventTypes: ['transaction.*'],
  headerNames: ['X-Shop'],
  headersRef: 'whh_1',
  ordering: 'none',
  url: 'https://shop.example/hooks',
} as const;
const facts: EndpointFacts = {
  ...settings,
  createdAt: now,
  disabledBecause: null,
  id: 'we_1',
  previousSecretUntil: null,
  secretGeneration: 1,
};
const create: WebhookCommand = { type: 'CreateWebhookEndpoint', ...settings };
const created = (id = 'we_1'): WebhookEvent => ({
  type: 'WebhookEndpointCreated',
  data: { endpoint: { ...facts, id } },
});
const of = { endpointId: 'we_1' };
const disabled: WebhookEvent = {
  type: 'WebhookEndpointDisabled',
  data: { disabledAt: now, endpoint: { ...facts, disabledBecause: 'gone' } },
};
const deleted: WebhookEvent = { type: 'WebhookEndpointDeleted', data: { deletedAt: now, endpoint: facts } };

function given(events: readonly WebhookEvent[]) {
  const state = new Map<string, WebhookRecord>();
  for (const event of events)
    for (const { key, record } of evolveWebhooks(state, event)) {
      expect(webhookEvents.touches(event)).toContain(key);
      state.set(key, record);
    }
  return (command: WebhookCommand) =>
    decideWebhooks(state, command, { now, newId: (prefix) => `${prefix}_1` });
}

describe('a webhook endpoint', () => {
  it.each<[string, readonly WebhookEvent[], WebhookCommand, WebhookEvent]>([
    ['is created', [], create, created()],
    [
      'is changed in what is said alone',
      [created()],
      { type: 'ChangeWebhookEndpoint', ...of, url: 'https://b.example/', description: null },
      {
        type: 'WebhookEndpointChanged',
        data: { changedAt: now, endpoint: { ...facts, url: 'https://b.example/', description: null } },
      },
    ],
    ['is deleted', [created()], { type: 'DeleteWebhookEndpoint', ...of }, deleted],
    [
      'gets a new secret, and the old one signs for a while',
      [created()],
      { type: 'RotateWebhookSecret', ...of, overlapSeconds: 60 },
      {
        type: 'WebhookSecretRotated',
        data: {
          endpoint: { ...facts, secretGeneration: 2, previousSecretUntil: '2026-01-02T03:05:05.678Z' },
          rotatedAt: now,
        },
      },
    ],
    [
      'gets a new secret alone',
      [created()],
      { type: 'RotateWebhookSecret', ...of, overlapSeconds: 0 },
      { type: 'WebhookSecretRotated', data: { endpoint: { ...facts, secretGeneration: 2 }, rotatedAt: now } },
    ],
    ['is disabled', [created()], { type: 'DisableWebhookEndpoint', ...of, because: 'gone' }, disabled],
    [
      'is enabled',
      [created(), disabled],
      { type: 'EnableWebhookEndpoint', ...of, skipBacklog: true },
      { type: 'WebhookEndpointEnabled', data: { enabledAt: now, endpoint: facts, skipBacklog: true } },
    ],
  ])('%s', (_what, before, command, event) => {
    expect(given(before)(command)).toEqual({ kind: 'decided', events: [event] });
  });

  const notThere: readonly WebhookCommand[] = [
    { type: 'ChangeWebhookEndpoint', ...of },
    { type: 'DeleteWebhookEndpoint', ...of },
    { type: 'RotateWebhookSecret', ...of, overlapSeconds: 1 },
    { type: 'EnableWebhookEndpoint', ...of, skipBacklog: false },
    { type: 'DisableWebhookEndpoint', ...of, because: 'requested' },
  ];
  it.each([
    ...notThere.flatMap((command) => [
      [[], command, 'webhook_endpoint_not_found'] as const,
      [[created(), deleted], command, 'webhook_endpoint_not_found'] as const,
    ]),
    [[created()], notThere[3], 'webhook_endpoint_enabled'] as const,
    [[created(), disabled], notThere[4], 'webhook_endpoint_disabled'] as const,
  ])('%j: %j is refused with %s', (before, command, code) => {
    expect(given(before)(command as WebhookCommand)).toMatchObject({ kind: 'refused', refusal: { code } });
  });

  describe('whose secret was rotated', () => {
    const rotated = (secretGeneration: number, until: string | null, older?: EndpointFacts['olderSecrets']) =>
      ({
        type: 'WebhookSecretRotated',
        data: {
          endpoint: {
            ...facts,
            ...(older && { olderSecrets: older }),
            previousSecretUntil: until,
            secretGeneration,
          },
          rotatedAt: now,
        },
      }) as const satisfies WebhookEvent;
    const rotate = (overlapSeconds: number): WebhookCommand => ({
      type: 'RotateWebhookSecret',
      ...of,
      overlapSeconds,
    });
    const [past, later, muchLater] = [now, '2026-01-02T04:00:00.000Z', '2026-01-03T00:00:00.000Z'];
    const inAMinute = '2026-01-02T03:05:05.678Z';

    it.each([
      ['goes on with the first one', rotated(2, later), [{ generation: 1, until: later }]],
      ['lets go of one whose time is over', rotated(2, past), undefined],
      [
        'keeps each until its own time',
        rotated(4, later, [
          { generation: 2, until: past },
          { generation: 1, until: muchLater },
        ]),
        [
          { generation: 3, until: later },
          { generation: 1, until: muchLater },
        ],
      ],
    ])('%s when it is rotated again', (_what, before, older) => {
      const next = before.data.endpoint.secretGeneration + 1;
      const event = rotated(next, inAMinute, older);
      expect(given([created(), before])(rotate(60))).toEqual({ kind: 'decided', events: [event] });
    });

    it('has the new one alone where that is asked for', () => {
      const before = rotated(3, later, [{ generation: 1, until: later }]);
      expect(given([created(), before])(rotate(0))).toEqual({ kind: 'decided', events: [rotated(4, null)] });
    });

    it('has at most so many that sign, and the new one alone is always given', () => {
      const events: WebhookEvent[] = [created()];
      for (let signing = 2; signing <= secretsInForceMax; signing += 1) {
        const decision = given(events)(rotate(60));
        if (decision.kind !== 'decided') throw new Error('refused');
        events.push(...decision.events);
      }
      expect(given(events)(rotate(1))).toMatchObject({ refusal: { code: 'too_many_webhook_secrets' } });
      expect(given(events)(rotate(0))).toMatchObject({ kind: 'decided' });
    });
  });

  it('is one of so many, of which those that were deleted do not count', () => {
    const many = Array.from({ length: webhookEndpointsMax }, (_, n) => created(`we_${n}`));
    expect(given(many)(create)).toMatchObject({ refusal: { code: 'too_many_webhook_endpoints' } });
    const fewer: WebhookEvent = {
      type: 'WebhookEndpointDeleted',
      data: { deletedAt: now, endpoint: { ...facts, id: 'we_7' } },
    };
    expect(given([...many, fewer])(create)).toMatchObject({ kind: 'decided' });
  });
});
