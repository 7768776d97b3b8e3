import { EventStoreDBClient } from '@eventstore/db-client';
import type { ChannelCredentialOptions } from '@eventstore/db-client';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import type {
  BatchAppendReq,
  BatchAppendResp,
  ReadReq,
  ReadResp,
} from '@eventstore/db-client/generated/streams_pb';
import { Metadata, status } from '@grpc/grpc-js';
import type { ClientDuplexStream, ClientReadableStream } from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';
import { answersGossip } from './answers-gossip';
import type { EventStoreUrl } from './event-store-url';
import { electionMs, electionPollMs, probeMs } from './limits';
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
   * The node says nothing any more: the nodes are asked anew who leads, and the next stream goes there. A frozen leader keeps its
   * connections, and the others name it until they have chosen another one.
   */
  async reconnect(): Promise<void> {
    this.silent = this.target;
    const { client } = this;
    if (client) await this.handleError(client, unavailable()).catch(() => undefined);
  }

  /** The node that the nodes name, once it is another one than the silent one or that one answers. */
  private async answering(url: EventStoreUrl, resolve: () => Promise<string>): Promise<string> {
    for (const until = performance.now() + electionMs; ; await sleep(electionPollMs)) {
      const target = await resolve();
      // The client keeps a failure to name a node for ever, so this is none: the next append without an answer asks again.
      if (target !== this.silent || performance.now() > until) return target;
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
  openRead(
    request: ReadReq,
    { requiresLeader, deadlineMs }: { readonly requiresLeader: boolean; readonly deadlineMs: number },
  ): Promise<ClientReadableStream<ReadResp>> {
    const deadline = deadlineMs === Infinity ? Infinity : Date.now() + deadlineMs;
    return this.GRPCStreamCreator(StreamsClient, 'read', (client) => {
      this.client = client;
      return client.read(request, ...this.callArguments({ requiresLeader }, { deadline }));
    })();
  }

  /** Ends all streams and the connection; the client alone would leave it open. */
  async close(): Promise<void> {
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

/** What makes the client close a connection and look for a node anew. */
function unavailable(): Error {
  const error = { code: status.UNAVAILABLE, details: 'the node does not answer', metadata: new Metadata() };
  return Object.assign(new Error(error.details), error);
}
