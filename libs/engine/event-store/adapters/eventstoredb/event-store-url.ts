/** A connection string, understood and checked. */
export interface EventStoreUrl {
  /** The nodes of the string, in its order. */
  readonly endpoints: readonly Endpoint[];
  /** `…+discover://`: the (one) endpoint is a DNS name or a node that knows the cluster's members. */
  readonly isDiscovered: boolean;
  readonly isTls: boolean;
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Files in PEM, relative to the working directory: the CA of the server, and a user's certificate with its key. */
  readonly tlsCaFile?: string;
  readonly userCertFile?: string;
  readonly userKeyFile?: string;
  readonly connectionName?: string;
  /** Where subscriptions go in a cluster; appends and reads of a stream go to the leader. Default `leader`. */
  readonly nodePreference: NodePreference;
  readonly maxDiscoverAttempts: number;
  readonly discoveryIntervalMs: number;
  readonly gossipTimeoutSeconds: number;
  readonly keepAliveIntervalMs: number;
  readonly keepAliveTimeoutMs: number;
}

export interface Endpoint {
  /** A name, an IPv4 address, or an IPv6 address in brackets. */
  readonly address: string;
  readonly port: number;
}

export const nodePreferences = ['leader', 'follower', 'random', 'read_only_replica'] as const;
export type NodePreference = (typeof nodePreferences)[number];

/** The connection string can't be used. The message is one sentence about what is wrong, without any password. */
export class EventStoreUrlInvalid extends Error {
  override readonly name = 'EventStoreUrlInvalid';
}
