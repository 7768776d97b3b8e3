import { refusal, refuse } from '@fintech-ledger/contract';
import { revision } from '@fintech-ledger/event-store';
import type { CommandOutcome } from '@fintech-ledger/journal';
import type { FastifyReply } from 'fastify';
import { sendOutcome } from './http-command';

const declined = refusal('payment_declined', 'declined', 'The rail declined it.');
const why = {
  ...refuse(declined, 'Declined.', undefined, { left: '1' }),
  objects: { payment: { id: 'p1' } },
};

/** What a reply is told, without a server. */
function replied(outcome: CommandOutcome) {
  const told: { headers: Record<string, string>; status?: number; body?: string } = { headers: {} };
  const reply = {
    request: { id: 'req_1', endpoint: { refusals: [declined] }, raw: {}, headers: {} },
    header: (name: string, value: string) => ((told.headers[name] = value), reply),
    headers: (all: Record<string, string>) => (Object.assign(told.headers, all), reply),
    code: (status: number) => ((told.status = status), reply),
    send: (body: string) => ((told.body = body), reply),
  };
  sendOutcome(reply as unknown as FastifyReply, outcome, 'led_1');
  return { ...told, body: JSON.parse(told.body ?? '') as object };
}

describe('a refused command', () => {
  it('is answered with what it is about, and with its position where it is stored all the same', () => {
    const at = { revision: revision(7), replayed: true, correlationId: 'req_0' };
    const stored = replied({ kind: 'refused', refusal: why, ...at });
    expect(stored.status).toBe(402);
    expect(stored.body).toMatchObject({ code: 'payment_declined', left: '1', payment: { id: 'p1' } });
    // The answer of the first request, byte for byte.
    expect(stored.body).toMatchObject({ request_id: 'req_0' });
    expect(stored.headers).toMatchObject({ 'Ledger-Position': 'led_1@7', 'Idempotency-Replayed': 'true' });
  });

  it('has the position that it was judged at, so that a read sees what it was refused for', () => {
    const judged = replied({ kind: 'refused', refusal: why, judgedAt: revision(7) });
    expect(judged.headers).toMatchObject({ 'Ledger-Position': 'led_1@7' });
    expect(judged.headers).not.toHaveProperty('Idempotency-Replayed');
  });

  it('has no position where it was not judged by what is stored', () => {
    const plain = replied({ kind: 'refused', refusal: why });
    expect(plain.status).toBe(402);
    expect(plain.body).toMatchObject({ request_id: 'req_1' });
    expect(plain.headers).not.toHaveProperty('Ledger-Position');
    expect(plain.headers).not.toHaveProperty('Idempotency-Replayed');
  });
});
