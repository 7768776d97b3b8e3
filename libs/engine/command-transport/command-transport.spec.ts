import { revision } from '@fintech-ledger/event-store';
import { AnswerUnavailable, CommandOutcomeUnknown, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandOutcome } from '@fintech-ledger/journal';
import { hash } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import { startCommandServer } from './command-server';
import { HttpForwarder } from './http-forwarder';
import { parcelLimits, transportTokens } from './wire';

const envelope: CommandEnvelope = {
  stream: 'journal-led_1',
  organizationId: 'org_1',
  actor: 'key_1',
  correlationId: 'req_1',
  command: { type: 'PostTransaction', description: 'ü "quoted"' },
  idempotencyKey: 'k',
  requestHash: 'h',
};
const accepted: CommandOutcome = {
  kind: 'accepted',
  answer: '{"a":1}',
  revision: revision(7),
  replayed: false,
};

describe('commands between processes', () => {
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  async function serve(
    submitHere: (envelope: CommandEnvelope) => Promise<CommandOutcome>,
    secret = 's',
  ): Promise<string> {
    const server = await startCommandServer({ submitHere, secret, host: '127.0.0.1', port: 0 });
    closers.push(() => server.close());
    return server.address;
  }

  function forwarder(options: { secret?: string; timeoutMs?: number } = {}): HttpForwarder {
    const made = new HttpForwarder({ secret: 's', ...options });
    closers.push(() => made.close().catch(() => undefined));
    return made;
  }

  it('arrive whole, and their outcome comes back', async () => {
    const seen: CommandEnvelope[] = [];
    const address = await serve(async (command) => {
      seen.push(command);
      return accepted;
    });
    expect(await forwarder().forward(address, envelope)).toEqual(accepted);
    expect(seen).toEqual([envelope]);
  });

  it('have on the other side what is left of their time, and are unknown after it', async () => {
    const seen: CommandEnvelope[] = [];
    const address = await serve((command) => {
      seen.push(command);
      return new Promise(() => undefined);
    });
    const beforeMs = performance.now();
    const sent = { ...envelope, askedAtMs: beforeMs, deadline: beforeMs + 500 };
    await expect(forwarder().forward(address, sent)).rejects.toThrow(CommandOutcomeUnknown);
    const [{ deadline, ...rest } = envelope] = seen;
    expect(rest).toEqual(envelope);
    expect(deadline).toBeGreaterThan(beforeMs);
    const late = forwarder().forward(address, { ...envelope, deadline: beforeMs });
    await expect(late).rejects.toThrow(WriterUnavailable);
    expect(seen).toHaveLength(1);
  });

  it('bring back refusals and both kinds of failure', async () => {
    const refused: CommandOutcome = { kind: 'refused', refusal: { code: 'unbalanced', detail: 'by 1' } };
    expect(await forwarder().forward(await serve(async () => refused), envelope)).toEqual(refused);
    const away = await serve(() => Promise.reject(new WriterUnavailable('not the owner')));
    await expect(forwarder().forward(away, envelope)).rejects.toThrow(WriterUnavailable);
    const unknown = await serve(() => Promise.reject(new CommandOutcomeUnknown('lost')));
    await expect(forwarder().forward(unknown, envelope)).rejects.toThrow(CommandOutcomeUnknown);
  });

  it('bring back that a command is written although its answer is missing, and whether to try elsewhere', async () => {
    const failing = async (error: Error): Promise<unknown> => {
      const address = await serve(() => Promise.reject(error));
      return forwarder()
        .forward(address, envelope)
        .catch((thrown: unknown) => thrown);
    };
    const inPart = { stream: 'journal-led_1', revision: revision(5) };
    expect(await failing(new CommandOutcomeUnknown('lost', { booked: inPart }))).toMatchObject({
      booked: inPart,
    });
    expect(await failing(new CommandOutcomeUnknown('lost'))).toMatchObject({ booked: undefined });
    const booked = await failing(new AnswerUnavailable('journal-led_1', revision(7), 'not read'));
    expect(booked).toBeInstanceOf(AnswerUnavailable);
    expect(booked).toMatchObject({ stream: 'journal-led_1', revision: 7 });
    const final = await failing(new WriterUnavailable('no store', 3, { isFinal: true }));
    expect(final).toBeInstanceOf(WriterUnavailable);
    expect(final).toMatchObject({ retryAfterSeconds: 3, isFinal: true });
  });

  it.each([402, 408, 409, 499, 502])('are unknown when somebody between answers %i', async (status) => {
    const proxy = createHttpServer((request, response) => {
      request.resume();
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => proxy.close(resolve)));
    const { port } = proxy.address() as AddressInfo;
    await expect(forwarder().forward(`http://127.0.0.1:${port}`, envelope)).rejects.toThrow(
      CommandOutcomeUnknown,
    );
  });

  it('are refused with another secret, without a trace', async () => {
    const submitHere = jest.fn();
    const address = await serve(submitHere, 'other');
    await expect(forwarder().forward(address, envelope)).rejects.toThrow(WriterUnavailable);
    expect(submitHere).not.toHaveBeenCalled();
  });

  it('are taken by, and from, processes of the release before, which know another token', async () => {
    const token = hash('sha256', 'command-transport\ns', 'hex');
    const seen: (string | undefined)[] = [];
    const earlier = createHttpServer((request, response) => {
      seen.push(request.headers.authorization);
      const isKnown = request.headers.authorization === `Bearer ${token}`;
      request.resume().on('end', () => {
        response
          .writeHead(isKnown ? 200 : 401)
          .end(isKnown ? `[0,${JSON.stringify({ outcome: accepted })}]\n` : '');
      });
    });
    await new Promise<void>((listening) => earlier.listen(0, '127.0.0.1', listening));
    closers.push(() => new Promise((closed) => earlier.close(closed)));
    const sender = forwarder();
    const { port } = earlier.address() as AddressInfo;
    for (let n = 0; n < 2; n += 1)
      expect(await sender.forward(`http://127.0.0.1:${port}`, envelope)).toEqual(accepted);
    expect(seen).toHaveLength(3);
    expect(seen.slice(1)).toEqual([`Bearer ${token}`, `Bearer ${token}`]);
    const address = await serve(() => Promise.resolve(accepted));
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(`${address}/commands/batch`, { method: 'POST', headers, body: '[]' });
    expect(answer.status).toBe(200);
  });

  it('are refused when they are no list, or more than a parcel holds', async () => {
    const submitHere = jest.fn(() => Promise.resolve(accepted));
    const address = await serve(submitHere);
    const [token] = transportTokens('s');
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const tooMany = Array.from({ length: parcelLimits.commands + 1 }, () => envelope);
    for (const body of [{}, null, 'text', tooMany]) {
      const answer = await fetch(`${address}/commands/batch`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(400);
    }
    expect(submitHere).not.toHaveBeenCalled();
  });

  it('are refused without a secret before their body is read', async () => {
    const address = await serve(() => Promise.resolve(accepted));
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${address}/commands`, { method: 'POST', headers, body: '{"broken' });
    expect(answer.status).toBe(401);
  });

  it('find a process that listens on every address by the name of its machine', async () => {
    const submitHere = (): Promise<CommandOutcome> => Promise.resolve(accepted);
    const server = await startCommandServer({ submitHere, secret: 's', host: '0.0.0.0', port: 0 });
    closers.push(() => server.close());
    const { hostname, port } = new URL(server.address);
    expect(hostname).toBe(os.hostname().toLowerCase());
    expect(await forwarder().forward(`http://127.0.0.1:${port}`, envelope)).toEqual(accepted);
  });

  it('were certainly not sent when nobody listens, and are unknown when the connection breaks', async () => {
    const listener = createServer((socket) => socket.on('data', () => socket.destroy()));
    await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
    const address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    await expect(forwarder().forward(address, envelope)).rejects.toThrow(CommandOutcomeUnknown);
    await new Promise((closed) => listener.close(closed));
    await expect(forwarder().forward(address, envelope)).rejects.toThrow(WriterUnavailable);
  });

  it('travel together, and each is answered when it is done', async () => {
    const address = await serve(({ correlationId }) => {
      if (correlationId === 'req_7') return new Promise(() => undefined);
      if (correlationId === 'req_8') return Promise.reject(new WriterUnavailable('not the owner'));
      return Promise.resolve({ ...accepted, answer: correlationId });
    });
    const sender = forwarder({ timeoutMs: 1_000 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 1_000 }, (_, i) =>
        sender.forward(address, { ...envelope, correlationId: `req_${i}` }),
      ),
    );
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') expect(outcome.value).toEqual({ ...accepted, answer: `req_${i}` });
    }
    const failures = outcomes.flatMap((outcome, i) =>
      outcome.status === 'rejected' ? [[i, outcome.reason]] : [],
    );
    expect(failures).toEqual([
      [7, expect.any(CommandOutcomeUnknown)],
      [8, expect.any(WriterUnavailable)],
    ]);
  });

  it('may be as large as a whole bulk, and several of them', async () => {
    const address = await serve(async (command) => ({
      ...accepted,
      answer: String((command.command as { text: string }).text.length),
    }));
    const sender = forwarder();
    const large = (length: number): Promise<CommandOutcome> =>
      sender.forward(address, { ...envelope, command: { text: 'ü'.repeat(length) } });
    const outcomes = await Promise.all([
      large(10),
      large(7_000_000),
      large(600_000),
      large(600_000),
      large(20),
    ]);
    expect(outcomes.map((outcome) => outcome.kind === 'accepted' && outcome.answer)).toEqual([
      '10',
      '7000000',
      '600000',
      '600000',
      '20',
    ]);
  });

  it('are certainly not carried out by a process that is of another version', async () => {
    const server = createHttpServer((request, response) => {
      request.resume();
      response.writeHead(404).end('{}');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    closers.push(() => new Promise((closed) => server.close(closed)));
    const { port } = server.address() as AddressInfo;
    const sent = forwarder().forward(`http://127.0.0.1:${port}`, envelope);
    await expect(sent).rejects.toThrow(WriterUnavailable);
  });

  it('are unknown when no answer comes in time', async () => {
    const address = await serve(() => new Promise(() => undefined));
    await expect(forwarder({ timeoutMs: 1_000 }).forward(address, envelope)).rejects.toThrow(
      CommandOutcomeUnknown,
    );
  });
});
