import { EventStoreDBClient } from '@eventstore/db-client';
import type { ChannelCredentialOptions } from '@eventstore/db-client';
import { ServerFeaturesClient } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import type {
  BatchAppendReq,
  BatchAppendResp,
  ReadReq,
  ReadResp,
} from '@eventstore/db-client/generated/streams_pb';
import { credentials, Metadata, status } from '@grpc/grpc-js';
import type { ClientDuplexStream, ClientReadableStream } from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from '../../port';
import { withDeadline } from '../../with-deadline';
import { answersGossip } from './answers-gossip';
import type { EventStoreUrl } from './event-store-url';
import { electionPollMs, nodeWaitMs, probeMs } from './limits';
import { tlsFiles } from './tls-files';

/** How long `close()` waits for the server to take note. */
const closeMs = 2_000;

/**
 * The client's connection (discovery, TLS, credentials, the way to a new leader), with its streams as they are on the wire.
 * The client's own `appendToStream` and `readStream` are not used: they parse and print every JSON text, which changes bytes
 * that our hashes cover, and keep the pending appends of the whole process in one table (docs/decisions/0012).
 */
export class StreamsConnection extends EventStoreDBClient {
  private opening: ReturnType<EventStoreDBClient['getChannel']> | undefined;
  private client: StreamsClient | undefined;
  /** Where the channel goes, `host:port`. */
  private target: string | undefined;
  /** A node that left something without an answer: it is not connected to again until it answers. */
  private silent: string | undefined;
  /** Reads and subscriptions, with what they were opened with: later ones may go elsewhere. */
  private readonly open = new Map<ClientReadableStream<ReadResp>, StreamsClient>();
  private isClosed = false;

  /** @throws EventStoreUrlInvalid when a file of the connection string can't be read */
  constructor(url: EventStoreUrl, nodePreference = url.nodePreference) {
    const { endpoints, isDiscovered, connectionName } = url;
    const common = {
      keepAliveInterval: url.keepAliveIntervalMs,
      keepAliveTimeout: url.keepAliveTimeoutMs,
      ...(connectionName !== undefined && { connectionName }),
    };
    const cluster = {
      ...common,
      nodePreference,
      maxDiscoverAttempts: url.maxDiscoverAttempts,
      discoveryInterval: url.discoveryIntervalMs,
      gossipTimeout: url.gossipTimeoutSeconds,
    };
    const [first = { address: '', port: 0 }] = endpoints;
    const settings = isDiscovered
      ? { ...cluster, discover: first }
      : endpoints.length > 1
        ? { ...cluster, endpoints: [...endpoints] }
        : { ...common, endpoint: first };
    // The overloads tell the kinds of settings apart; the implementation takes any of them.
    super(settings as { endpoint: typeof first }, channelCredentials(url), url.credentials);
    const open = this.getChannel;
    this.getChannel = () => (this.opening = open());
    const resolve = this.resolveUri;
    const isCluster = isDiscovered || endpoints.length > 1;
    this.resolveUri = async () =>
      (this.target = isCluster ? await this.answering(url, resolve) : await resolve());
  }

  /**
   * The node says nothing any more: the nodes are asked again who leads, and the next stream goes there. A frozen leader keeps its
   * connections, and the others name it until they have chosen another one.
   */
  async reconnect(): Promise<void> {
    this.silent = this.target;
    const { client } = this;
    if (client) await this.handleError(client, unavailable()).catch(() => undefined);
  }

  /** The same, and whatever waits for that node is ended: it would wait until its own deadline. */
  async giveUp(): Promise<void> {
    const waiting = [...this.open];
    const reconnected = this.reconnect();
    for (const [call] of waiting) call.cancel();
    await reconnected;
  }

  /** Whether the node that a subscription was opened at says anything within this time, over the same connection. */
  async isAnswering(call: ClientReadableStream<ReadResp>, milliseconds: number): Promise<boolean> {
    const channelOverride = this.open.get(call)?.getChannel();
    if (channelOverride === undefined) return false;
    const asking = new ServerFeaturesClient('', credentials.createInsecure(), { channelOverride });
    const [metadata, options] = this.callArguments({}, { deadline: Date.now() + milliseconds });
    return new Promise((resolve) => {
      try {
        asking.getSupportedMethods(new Empty(), metadata, options, (error) =>
          // What has arrived meanwhile is read first: it may be this process that was held up.
          setImmediate(() => setImmediate(() => resolve(error?.code !== status.DEADLINE_EXCEEDED))),
        );
      } catch {
        // The connection was given up meanwhile.
        resolve(false);
      }
    });
  }

  /** The node that the nodes name, once it is another one than the silent one or that one answers. */
  private async answering(url: EventStoreUrl, resolve: () => Promise<string>): Promise<string> {
    for (; ; await sleep(electionPollMs)) {
      const target = await resolve();
      // Nobody waits for this longer than for a node (`nodeWaitMs`): it goes on until there is one.
      if (target !== this.silent || this.isClosed) return target;
      if (await answersGossip(target, url, probeMs)) return target;
    }
  }

  /** A stream for appends, which the leader takes or refuses with its address (and then the next stream goes there). */
  openAppends(): Promise<ClientDuplexStream<BatchAppendReq, BatchAppendResp>> {
    return this.GRPCStreamCreator(StreamsClient, 'batchAppend', (client) => {
      this.client = client;
      return client.batchAppend(...this.callArguments({ requiresLeader: true }, { deadline: Infinity }));
    })();
  }

  /** @param deadlineMs how long the whole read may take */
  async openRead(
    request: ReadReq,
    { requiresLeader, deadlineMs }: { readonly requiresLeader: boolean; readonly deadlineMs: number },
  ): Promise<ClientReadableStream<ReadResp>> {
    if (this.silent !== undefined) await this.nodeNamed();
    const deadline = deadlineMs === Infinity ? Infinity : Date.now() + deadlineMs;
    return this.GRPCStreamCreator(StreamsClient, 'read', (client) => {
      this.client = client;
      const call = client.read(request, ...this.callArguments({ requiresLeader }, { deadline }));
      this.open.set(call, client);
      call.once('close', () => this.open.delete(call));
      return call;
    })();
  }

  /** @throws StoreUnavailable the nodes have named none in place of the silent one yet */
  private async nodeNamed(): Promise<void> {
    await withDeadline(this.getChannel(), nodeWaitMs, () => {
      return new StoreUnavailable(
        'the leader of EventStoreDB does not answer, and the nodes have no other one yet',
      );
    });
  }

  /** Ends all streams and the connection; the client alone would leave it open. */
  async close(): Promise<void> {
    this.isClosed = true;
    const timeLimit = { timer: undefined as NodeJS.Timeout | undefined };
    const late = new Promise<void>((resolve) => (timeLimit.timer = setTimeout(resolve, closeMs)));
    await Promise.race([this.dispose(), late]);
    clearTimeout(timeLimit.timer);
    await this.opening?.then(
      (channel) => channel.close(),
      () => undefined,
    );
  }
}

function channelCredentials(url: EventStoreUrl): ChannelCredentialOptions {
  if (!url.isTls) return { insecure: true };
  const { ca, certificate, key } = tlsFiles(url);
  return {
    ...(ca && { rootCertificate: ca }),
    ...(certificate && { userCertFile: certificate }),
    ...(key && { userKeyFile: key }),
  };
}

/** What makes the client close a connection and look for a node again. */
function unavailable(): Error {
  const error = { code: status.UNAVAILABLE, details: 'the node does not answer', metadata: new Metadata() };
  return Object.assign(new Error(error.details), error);
}
