import type { Refusal } from '@fintech-ledger/contract';
import { instruments } from '@fintech-ledger/telemetry';
import type { Dispatcher } from 'undici';
import { deliveryMsMax } from './limits';
import type { OutboundGuard, PinnedTarget } from './outbound-guard';
import { failureOf, timeout } from './outcome';
import type { Outcome } from './outcome';
import { PinnedConnections } from './pinned-connections';
import { readResponse } from './read-response';
import { headersRefusal } from './request-headers';
import { untilAborted } from './until-aborted';

export interface OutboundRequest {
  /** Whose connections it uses, such as the id of a webhook endpoint. */
  readonly endpoint: string;
  readonly url: string;
  /** http is for test data alone. */
  readonly isHttpAllowed: boolean;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface OutboundClientOptions {
  /** For all of a request. */
  readonly timeoutMs?: number;
  /** Certificates to trust instead of those that Node.js does, in PEM. */
  readonly ca?: string;
}

/** Sends requests to URLs that customers gave: every request of the product to one goes through it. */
export class OutboundClient {
  private readonly connections: PinnedConnections;
  private readonly timeoutMs: number;

  constructor(
    private readonly guard: OutboundGuard,
    options: OutboundClientOptions = {},
  ) {
    this.timeoutMs = options.timeoutMs ?? deliveryMsMax;
    this.connections = new PinnedConnections(this.timeoutMs, options.ca);
  }

  /** Sends a request once. Redirects are answers; they are not followed. What goes wrong on the way is an outcome. */
  async deliver(request: OutboundRequest): Promise<Outcome> {
    const startedAt = performance.now();
    const outcome = await this.attempt(request, AbortSignal.timeout(this.timeoutMs));
    const label = outcome.kind === 'failed' ? outcome.reason : outcome.kind;
    instruments.outboundRequests.add(1, { outcome: label });
    return { ...outcome, ms: performance.now() - startedAt };
  }

  /** Ends all connections, also those in use. */
  close(): Promise<void> {
    return this.connections.close();
  }

  private async attempt(request: OutboundRequest, signal: AbortSignal): Promise<WithoutMs> {
    const refusal = headersRefusal(request.headers);
    if (refusal !== undefined) return { kind: 'refused', refusal };
    const pinned = await this.guard.pin(request.url, request, signal);
    if (isRefusal(pinned)) return { kind: 'refused', refusal: pinned };
    if (signal.aborted) return timedOut(undefined);
    if ('unresolved' in pinned) {
      const why = pinned.unresolved === 'name_not_found' ? 'has no address' : 'could not be looked up';
      const detail = `The name of the host ${why}.`;
      return { kind: 'failed', reason: pinned.unresolved, detail, status: undefined };
    }
    let status: number | undefined;
    try {
      // undici forgets a request that is aborted before there is a connection, but only once there is one.
      const response = await untilAborted(this.send(request, pinned, signal), signal);
      if (response === undefined) return timedOut(undefined);
      status = response.statusCode;
      return { kind: 'answered', ...(await readResponse(response, !pinned.isOpened)) };
    } catch (error) {
      return signal.aborted ? timedOut(status) : { kind: 'failed', ...failureOf(error), status };
    }
  }

  private send(
    { endpoint, method, headers, body }: OutboundRequest,
    pinned: PinnedTarget,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const pool = this.connections.of(endpoint, pinned);
    return pool.request({ path: pinned.target.path, method, headers, body: body ?? null, signal });
  }
}

type WithoutMs = Outcome extends infer One ? (One extends Outcome ? Omit<One, 'ms'> : never) : never;

const timedOut = (status: number | undefined): WithoutMs => ({ kind: 'failed', ...timeout, status });

const isRefusal = (value: object): value is Refusal => 'code' in value;
