import type { Metadata } from '@grpc/grpc-js';
import type { EventLog } from './event-log';
import type { RpcError } from './rpc-errors';
import type { ServerFaults } from './server-faults';

/** What the handlers of one node know. */
export interface NodeContext {
  readonly log: EventLog;
  readonly faults: ServerFaults;
  readonly appendBytesMax: number;
  /** Why this call is not taken at all: credentials, a fault, or that it needs the leader. */
  refusal(metadata: Metadata): RpcError | undefined;
  /** This node dies, and comes back by itself. */
  crash(): void;
  /** Live subscriptions, to be ended from outside. */
  readonly subscriptions: Set<(error: RpcError) => void>;
}
