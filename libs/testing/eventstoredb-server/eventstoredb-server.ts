import type { Metadata } from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventLog } from './event-log';
import { EventStoreDbNode } from './eventstoredb-node';
import type { NodeContext } from './node-context';
import { invalidPosition, noLeader, notLeader, readAllFailed, tooSlow } from './rpc-errors';
import type { RpcError } from './rpc-errors';
import { selfSignedCertificate } from '../certificates/self-signed-certificate';
import type { Certificate } from '../certificates/self-signed-certificate';
import { ServerFaults } from './server-faults';
import { Users } from './users';
import type { User } from './users';

/** The largest MaxAppendSize that the server takes: a record of its log less what it needs itself. */
const appendBytesLimit = 16 * 1024 * 1024 - 10_000;

export interface EventStoreDbServerOptions {
  /** 1 to 3, all of them with the same log; the first one leads. Default 1. */
  readonly nodes?: number;
  /** With a certificate made for it, see `certificateFile`. Default false. */
  readonly tls?: boolean;
  /** Required of every call; the client sends them by TLS only. Default: anybody may do anything. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Further users, who may read and write streams, and `$all` only when its metadata say so. */
  readonly users?: readonly User[];
  /** The server's MaxAppendSize. Default 1 MiB, at most 16 MiB. */
  readonly appendBytesMax?: number;
  /** Keeps the log beyond this process. Default: in memory. */
  readonly dataFile?: string;
  /** How long an append may take before the server itself says `Timeout`. Default 2 s. */
  readonly commitTimeoutMs?: number;
  /** Whose words it uses where they differ. Default 24. */
  readonly version?: '23.10' | '24';
  /** How long a node that crashed stays down. Default 30 ms. */
  readonly downMs?: number;
}

/**
 * EventStoreDB at the level of the wire, for tests: gRPC with the client's own stubs, positions with gaps, its rules for repeated
 * appends, its errors, and faults at will. What is stored survives `restart()`.
 */
export class EventStoreDbServer {
  readonly faults = new ServerFaults();
  readonly log: EventLog;
  readonly certificateFile: string | undefined;
  /** How far the server's clock is ahead of this process's. */
  clockAheadMs = 0;
  private readonly users: Users;
  private readonly nodes: EventStoreDbNode[] = [];
  private readonly subscriptions = new Set<(error: RpcError) => void>();
  private leader: number | undefined = 0;
  private isClosed = false;
  private readonly restarting = new Set<Promise<void>>();

  private constructor(private readonly options: EventStoreDbServerOptions) {
    const appendBytesMax = options.appendBytesMax ?? 0;
    if (appendBytesMax > appendBytesLimit) throw new RangeError(`MaxAppendSize exceeds ${appendBytesLimit}`);
    this.log = new EventLog(options.dataFile, () => this.nowMs());
    this.users = new Users(options.credentials, options.users ?? [], this.log);
    const certificate = options.tls ? selfSignedCertificate() : undefined;
    this.certificateFile = certificate?.file;
    for (let index = 0; index < (options.nodes ?? 1); index += 1) {
      this.nodes.push(this.node(index, certificate));
    }
  }

  static async start(options: EventStoreDbServerOptions = {}): Promise<EventStoreDbServer> {
    const server = new EventStoreDbServer(options);
    for (const node of server.nodes) await node.start();
    return server;
  }

  /** The connection string, with the credentials and the certificate where there are any. */
  get url(): string {
    return this.urlWith({});
  }

  /** Of the nodes, in their order. */
  get ports(): readonly number[] {
    return this.nodes.map(({ port }) => port);
  }

  /** @param credentials in place of the right ones; `tls` in place of what it has; `isDiscovered` as `esdb+discover` by the first node */
  urlWith(changes: {
    readonly credentials?: string;
    readonly tls?: boolean;
    readonly isDiscovered?: boolean;
  }): string {
    const { username, password } = this.options.credentials ?? {};
    const own = username === undefined ? '' : `${username}:${encodeURIComponent(password ?? '')}`;
    const credentials = changes.credentials ?? own;
    const isTls = changes.tls ?? this.options.tls ?? false;
    const ports = this.nodes.map(({ port }) => `127.0.0.1:${port}`);
    const hosts = changes.isDiscovered ? ports.slice(0, 1) : ports;
    const options = isTls
      ? this.certificateFile === undefined
        ? 'tls=true'
        : `tls=true&tlsCAFile=${encodeURIComponent(this.certificateFile)}`
      : 'tls=false';
    const scheme = changes.isDiscovered ? 'esdb+discover' : 'esdb';
    return `${scheme}://${credentials === '' ? '' : `${credentials}@`}${hosts.join(',')}?${options}`;
  }

  /** Another node leads from now on, or none at all. */
  moveLeader(index: number | undefined): void {
    this.leader = index;
  }

  /** How often a client asked any of the nodes which there are, and who leads. */
  get gossipReads(): number {
    return this.nodes.reduce((sum, { gossipReads }) => sum + gossipReads, 0);
  }

  /** How often a client asked any of the nodes what it can do: so a quiet node is asked whether it is there. */
  get featureReads(): number {
    return this.nodes.reduce((sum, { featureReads }) => sum + featureReads, 0);
  }

  /** Ends all live subscriptions as of consumers that are too slow. */
  dropSubscriptions(): void {
    for (const end of [...this.subscriptions]) end(tooSlow());
    this.subscriptions.clear();
  }

  /** How many subscriptions are open, of all clients. */
  get subscriptionCount(): number {
    return this.subscriptions.size;
  }

  /** Cuts every connection to a node and refuses new ones, until `up`. */
  down(index = 0): void {
    this.nodes[index]?.stop();
  }

  async up(index = 0): Promise<void> {
    const node = this.nodes[index];
    if (node && !node.isUp) await node.start();
  }

  /**
   * A node says nothing any more and keeps its connections, as by SIGSTOP. The others call it alive, and the leader if it is, until
   * another one leads. Only in a cluster.
   */
  freeze(index = 0): void {
    this.nodes[index]?.freeze();
  }

  thaw(index = 0): void {
    this.nodes[index]?.thaw();
  }

  /** All nodes at once: their connections are cut, they come back on the same ports with what was stored. */
  async restart(): Promise<void> {
    for (const node of this.nodes) node.stop();
    this.log.restarted();
    for (const node of this.nodes) await node.start();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.restarting);
    for (const node of this.nodes) node.stop();
  }

  private node(index: number, certificate: Certificate | undefined): EventStoreDbNode {
    const context: NodeContext = {
      log: this.log,
      faults: this.faults,
      users: this.users,
      appendBytesMax: this.options.appendBytesMax ?? 1024 * 1024,
      commitTimeoutMs: this.options.commitTimeoutMs ?? 2_000,
      invalidPosition: this.options.version === '23.10' ? readAllFailed : invalidPosition,
      nowMs: () => this.nowMs(),
      refusal: (metadata) => this.refusal(metadata, index),
      crash: () => this.crash(index),
      subscriptions: this.subscriptions,
    };
    const members = () =>
      this.nodes.map((node, at) => ({
        port: node.port,
        isAlive: node.isUp && (!node.isFrozen || at === this.leader),
        isLeader: at === this.leader,
      }));
    return new EventStoreDbNode(context, members, certificate, (this.options.nodes ?? 1) > 1);
  }

  private nowMs(): number {
    return Date.now() + this.clockAheadMs;
  }

  private refusal(metadata: Metadata, index: number): RpcError | undefined {
    const unknown = this.users.refusal(metadata);
    if (unknown) return unknown;
    // Without this header a follower forwards what it is sent, which looks the same from outside.
    if (index === this.leader || metadata.get('requires-leader')[0] !== 'true') return undefined;
    const leader = this.leader === undefined ? undefined : this.nodes[this.leader];
    return leader ? notLeader('127.0.0.1', leader.port) : noLeader();
  }

  private crash(index: number): void {
    this.nodes[index]?.stop();
    if (this.nodes.length === 1) this.log.restarted();
    const back = sleep(this.options.downMs ?? 30).then(() => (this.isClosed ? undefined : this.up(index)));
    this.restarting.add(back);
    void back.finally(() => this.restarting.delete(back));
  }
}
