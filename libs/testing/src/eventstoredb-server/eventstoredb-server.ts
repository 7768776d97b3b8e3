import type { Metadata } from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventLog } from './event-log';
import { EventStoreDbNode } from './eventstoredb-node';
import type { NodeContext } from './node-context';
import { accessDenied, noLeader, notLeader, tooSlow, unauthenticated } from './rpc-errors';
import type { RpcError } from './rpc-errors';
import { selfSignedCertificate } from './self-signed-certificate';
import type { Certificate } from './self-signed-certificate';
import { ServerFaults } from './server-faults';

export interface EventStoreDbServerOptions {
  /** 1 to 3, all of them with the same log; the first one leads. Default 1. */
  readonly nodes?: number;
  /** With a certificate made for it, see `certificateFile`. Default false. */
  readonly tls?: boolean;
  /** Required of every call; the client sends them by TLS only. Default: anybody may do anything. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** The server's MaxAppendSize. Default 1 MiB. */
  readonly appendBytesMax?: number;
  /** Keeps the log beyond this process. Default: in memory. */
  readonly dataFile?: string;
  /** How long a node that crashed stays away. Default 30 ms. */
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
  private readonly nodes: EventStoreDbNode[] = [];
  private readonly subscriptions = new Set<(error: RpcError) => void>();
  private leader: number | undefined = 0;
  private isClosed = false;
  private readonly restarting = new Set<Promise<void>>();

  private constructor(private readonly options: EventStoreDbServerOptions) {
    this.log = new EventLog(options.dataFile);
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

  /** All nodes at once: their connections are cut, they come back on the same ports with what was stored. */
  async restart(): Promise<void> {
    for (const node of this.nodes) node.stop();
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
      appendBytesMax: this.options.appendBytesMax ?? 1024 * 1024,
      refusal: (metadata) => this.refusal(metadata, index),
      crash: () => this.crash(index),
      subscriptions: this.subscriptions,
    };
    const members = () =>
      this.nodes.map((node, at) => ({ port: node.port, isAlive: node.isUp, isLeader: at === this.leader }));
    return new EventStoreDbNode(context, members, certificate);
  }

  private refusal(metadata: Metadata, index: number): RpcError | undefined {
    const { credentials } = this.options;
    if (credentials) {
      const [given] = metadata.get('authorization');
      if (given === undefined) return accessDenied();
      const text = `${credentials.username}:${credentials.password}`;
      if (String(given) !== `Basic ${Buffer.from(text).toString('base64')}`) return unauthenticated();
    }
    // Without this header a follower forwards what it is sent, which looks the same from outside.
    if (index === this.leader || metadata.get('requires-leader')[0] !== 'true') return undefined;
    const leader = this.leader === undefined ? undefined : this.nodes[this.leader];
    return leader ? notLeader('127.0.0.1', leader.port) : noLeader();
  }

  private crash(index: number): void {
    this.nodes[index]?.stop();
    const back = sleep(this.options.downMs ?? 30).then(() => (this.isClosed ? undefined : this.up(index)));
    this.restarting.add(back);
    void back.finally(() => this.restarting.delete(back));
  }
}
