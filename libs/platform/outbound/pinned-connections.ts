import { instruments } from '@fintech-ledger/telemetry';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { Pool } from 'undici';
import { endpointConnectionsMax, endpointsMax } from './limits';
import type { PinnedTarget } from './outbound-guard';

/** Connections that are kept for the next request: of one endpoint, to addresses that were judged. */
export class PinnedConnections {
  /** The one that was used last is the last one. */
  private readonly pools = new Map<string, Pool>();

  /**
   * @param connectMs how long a connection may take to be there
   * @param ca certificates to trust instead of those that Node.js does, in PEM
   */
  constructor(
    private readonly connectMs: number,
    private readonly ca?: string,
  ) {}

  /** @param endpoint whose connections: no endpoint waits for those of another one, also on the same host */
  of(endpoint: string, { target, addresses }: PinnedTarget): Pool {
    const key = [endpoint, target.origin, ...[...addresses].sort()].join(' ');
    const pool = this.pools.get(key) ?? this.open(target.origin, addresses);
    this.pools.delete(key);
    this.pools.set(key, pool);
    this.closeOldest();
    return pool;
  }

  async close(): Promise<void> {
    const pools = [...this.pools.values()];
    this.pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  private open(origin: string, addresses: readonly string[]): Pool {
    return new Pool(origin, {
      connections: endpointConnectionsMax,
      // The time of the whole request is the caller's.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        timeout: this.connectMs,
        lookup: lookUpPinned(addresses),
        autoSelectFamily: true,
        // 250 ms, as Node.js has it, are too short for another continent.
        autoSelectFamilyAttemptTimeout: 1_000,
        // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
        rejectUnauthorized: true,
        ...(this.ca === undefined ? {} : { ca: this.ca }),
      },
    });
  }

  /** What is under way in it ends first. */
  private closeOldest(): void {
    instruments.outboundEndpoints.record(this.pools.size);
    if (this.pools.size <= endpointsMax) return;
    const [[key, pool] = []] = this.pools;
    if (key === undefined || pool === undefined) return;
    this.pools.delete(key);
    pool.close().catch(() => undefined);
  }
}

/** In place of the look-up that a connection makes of its own: nothing is resolved a second time. */
function lookUpPinned(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, options, callback) => {
    const [first] = found;
    if (options.all === true) callback(null, found);
    else callback(null, first?.address ?? '', first?.family);
  };
}
