import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { TransientMap } from '@fintech-ledger/contract';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { uuidText } from './uuid-text';

/** The session ended while an append was waiting for its answer. */
export class SessionLost extends Error {
  override readonly name = 'SessionLost';
  /** @param waiting how many appends were waiting */
  constructor(
    override readonly cause: unknown,
    readonly waiting: number,
  ) {
    super('the stream of appends ended');
  }
}

interface Waiting {
  readonly resolve: (response: BatchAppendResp) => void;
  readonly reject: (error: SessionLost) => void;
}

/** One stream of appends to a server, and who waits for which answer. */
export class AppendSession {
  private waiting = new TransientMap<string, Waiting>();
  private isRetired = false;
  isOver = false;

  constructor(private readonly stream: ClientDuplexStream<BatchAppendReq, BatchAppendResp>) {
    stream.on('data', (response: BatchAppendResp) => this.answer(response));
    stream.on('error', (error) => this.end(error));
    stream.on('end', () => this.end(new Error('the server ended the stream of appends')));
    stream.on('close', () => this.end(new Error('the stream of appends was closed')));
  }

  get waitingCount(): number {
    return this.waiting.size;
  }

  /** @throws SessionLost the stream ended before the answer */
  send(correlationId: string, requests: readonly BatchAppendReq[]): Promise<BatchAppendResp> {
    return new Promise((resolve, reject) => {
      this.waiting.set(correlationId, { resolve, reject });
      for (const request of requests) this.stream.write(request);
    });
  }

  /** Nobody waits for this answer any more; it may still come. */
  forget(correlationId: string): void {
    this.waiting.delete(correlationId);
    this.endIfRetired();
  }

  /** Takes no more appends, and ends when those under way are answered. */
  retire(): void {
    this.isRetired = true;
    this.endIfRetired();
  }

  private answer(response: BatchAppendResp): void {
    const id = uuidText(response.getCorrelationId());
    this.waiting.get(id)?.resolve(response);
    this.forget(id);
  }

  private endIfRetired(): void {
    if (this.isRetired && this.waiting.size === 0 && !this.isOver) this.stream.cancel();
  }

  private end(cause: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    const lost = this.waiting.values();
    this.waiting = new TransientMap();
    for (const { reject } of lost) reject(new SessionLost(cause, lost.length));
  }
}
