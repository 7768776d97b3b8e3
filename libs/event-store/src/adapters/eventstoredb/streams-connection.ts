import { EventStoreDBClient } from '@eventstore/db-client';
import type { ChannelCredentialOptions } from '@eventstore/db-client';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import type {
  BatchAppendReq,
  BatchAppendResp,
  ReadReq,
  ReadResp,
} from '@eventstore/db-client/generated/streams_pb';
import type { ClientDuplexStream, ClientReadableStream } from '@grpc/grpc-js';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EventStoreUrlInvalid } from './event-store-url';
import type { EventStoreUrl } from './event-store-url';

/** How long `close()` waits for the server to take note. */
const closeMs = 2_000;

/**
 * The client's connection (discovery, TLS, credentials, the way to a new leader), with its streams as they are on the wire.
 * The client's own `appendToStream` and `readStream` are not used: they parse and print every JSON text, which changes bytes
 * that our hashes cover, and keep the pending appends of the whole process in one table (docs/decisions/0012).
 */
export class StreamsConnection extends EventStoreDBClient {
  private opening: ReturnType<EventStoreDBClient['getChannel']> | undefined;

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
  }

  /** A stream for appends, which the leader takes or refuses with its address (and then the next stream goes there). */
  openAppends(): Promise<ClientDuplexStream<BatchAppendReq, BatchAppendResp>> {
    return this.GRPCStreamCreator(StreamsClient, 'batchAppend', (client) =>
      client.batchAppend(...this.callArguments({ requiresLeader: true }, { deadline: Infinity })),
    )();
  }

  /** @param deadlineMs how long the whole read may take */
  openRead(
    request: ReadReq,
    { requiresLeader, deadlineMs }: { readonly requiresLeader: boolean; readonly deadlineMs: number },
  ): Promise<ClientReadableStream<ReadResp>> {
    const deadline = deadlineMs === Infinity ? Infinity : Date.now() + deadlineMs;
    return this.GRPCStreamCreator(StreamsClient, 'read', (client) =>
      client.read(request, ...this.callArguments({ requiresLeader }, { deadline })),
    )();
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
  const { tlsCaFile, userCertFile, userKeyFile } = url;
  return {
    ...(tlsCaFile !== undefined && { rootCertificate: pem('tlsCAFile', tlsCaFile) }),
    ...(userCertFile !== undefined && { userCertFile: pem('userCertFile', userCertFile) }),
    ...(userKeyFile !== undefined && { userKeyFile: pem('userKeyFile', userKeyFile) }),
  };
}

function pem(option: string, file: string): Buffer {
  let content: Buffer;
  try {
    content = readFileSync(path.resolve(file));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new EventStoreUrlInvalid(`the file of ${option}, ${path.resolve(file)}, can't be read (${code})`);
  }
  if (!content.includes('-----BEGIN ')) {
    throw new EventStoreUrlInvalid(`the file of ${option}, ${path.resolve(file)}, is not in PEM`);
  }
  return content;
}
