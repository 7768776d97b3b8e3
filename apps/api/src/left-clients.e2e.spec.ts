import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuditTrail } from '@fintech-ledger/audit';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { ApiProblem } from '@fintech-ledger/http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fakeWorld, issueKey } from '../../../test/support/api-fakes';
import { createApi } from './create-api';

const key = issueKey(['ops:write'], 1);
const store = new MemoryEventStore();
let answer: () => void;
let begun: Promise<void>;
let isRefused: boolean;
let trail: AuditTrail;
let world: ReturnType<typeof fakeWorld>;
let app: NestFastifyApplication;

beforeEach(async () => {
  const made = fakeWorld([key], store);
  const noted = new Promise<void>((resolve) => (answer = resolve));
  let begin: () => void;
  begun = new Promise((resolve) => (begin = resolve));
  trail = new AuditTrail({
    gateway: made.gateway,
    sql: { query: () => Promise.resolve({ rows: [], rowCount: 0 }) } as never,
    originDays: 1,
    log: made.log,
  });
  world = {
    ...made,
    requestTrail: trail,
    async confirmClock() {
      begin();
      await noted;
      if (isRefused) throw new ApiProblem('invalid_parameter', 'No.');
      return { id: '7', confirmedAt: '2026-01-01T00:00:00.000Z' };
    },
  };
  app = await createApi(world);
  await app.listen(0, '127.0.0.1');
});
afterEach(() => app.close());
afterAll(() => store.close());

it.each([
  ['what it did', false, 'RecordActions', 'actions'],
  ['what it was refused', true, 'RecordRefusals', 'attempts'],
])('tells of %s, of a client that did not wait for its answer', async (_what, refused, type, member) => {
  isRefused = refused;
  const { port } = new URL(await app.getUrl());
  const head = `POST /v1/clock_confirmations HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key.token}\r\n`;
  const socket = connect(Number(port), '127.0.0.1', () => socket.write(`${head}Content-Length: 0\r\n\r\n`));
  await begun;
  socket.destroy();
  await delay(50);
  answer();
  await delay(50);
  await trail.close();
  const { command } = world.gateway.submitted.find((one) => one.stream === 'audit-org_1') ?? {};
  expect(command).toMatchObject({
    type,
    [member]: [{ action: 'confirmClock', actor: key.credentials.keyId }],
  });
});
