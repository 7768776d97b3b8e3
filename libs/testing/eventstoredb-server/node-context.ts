import type { Metadata } from '@grpc/grpc-js';
import type { EventLog } from './event-log';
import type { RpcError } from './rpc-errors';
import type { ServerFaults } from './server-faults';
import type { Users } from './users';

/** What the handlers of one node know. */
export interface NodeContext {
  readonly log: EventLog;
  readonly faults: ServerFaults;
  readonly users: Users;
  readonly appendBytesMax: number;
  /** How long the server works on an append before it says `Timeout`. */
  readonly commitTimeoutMs: number;
  /** What is said of an offset of the log at which no record begins. */
  readonly invalidPosition: () => RpcError;
  /** The server's clock. */
  nowMs(): number;
  /** Why this call is not taken at all: credentials, a fault, or that it needs the leader. */
  refusal(metadata: Metadata): RpcError | undefined;
  /** This node dies, and recovers automatically. */
  crash(): void;
  /** Live subscriptions, to be ended from outside. */
  readonly subscriptions: Set<(error: RpcError) => void>;
}
