import { ClusterInfo, EndPoint, MemberInfo } from '@eventstore/db-client/generated/gossip_pb';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import { SupportedMethod, SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';
import { UUID } from '@eventstore/db-client/generated/shared_pb';
import type { Empty } from '@eventstore/db-client/generated/shared_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { appendHandler } from './append-handler';
import { batchAppendHandler } from './batch-append-handler';
import { deleteHandler, tombstoneHandler } from './delete-handler';
import type { NodeContext } from './node-context';
import { NodeFront } from './node-front';
import { readHandler } from './read-handler';
import type { Certificate } from '../certificates/self-signed-certificate';

export interface Member {
  readonly port: number;
  readonly isAlive: boolean;
  readonly isLeader: boolean;
}

/** One node: a gRPC server on 127.0.0.1 that keeps its port for as long as it lives, up or down. */
export class EventStoreDbNode {
  port = 0;
  /** How often it was asked which nodes there are. */
  gossipReads = 0;
  /** How often it was asked what it can do. */
  featureReads = 0;
  private server: Server | undefined;
  private readonly front: NodeFront | undefined;

  constructor(
    private readonly context: NodeContext,
    private readonly members: () => readonly Member[],
    private readonly certificate: Certificate | undefined,
    canFreeze: boolean,
  ) {
    this.front = canFreeze ? new NodeFront() : undefined;
  }

  get isUp(): boolean {
    return this.server !== undefined;
  }

  async start(): Promise<void> {
    const server = new Server({
      'grpc.max_receive_message_length': 4 * 1024 * 1024,
      'grpc.max_send_message_length': 17 * 1024 * 1024,
    });
    server.addService(StreamsService, {
      append: appendHandler(this.context),
      batchAppend: batchAppendHandler(this.context),
      delete: deleteHandler(this.context),
      read: readHandler(this.context),
      tombstone: tombstoneHandler(this.context),
    });
    server.addService(GossipService, {
      read: (_call: ServerUnaryCall<Empty, ClusterInfo>, callback: sendUnaryData<ClusterInfo>) => {
        this.gossipReads += 1;
        callback(null, clusterInfo(this.members()));
      },
    });
    server.addService(ServerFeaturesService, {
      getSupportedMethods: (
        _call: ServerUnaryCall<Empty, SupportedMethods>,
        callback: sendUnaryData<SupportedMethods>,
      ) => {
        this.featureReads += 1;
        callback(null, supportedMethods());
      },
    });
    const { front } = this;
    if (front) this.port = await trying(async () => front.listen(this.port, await this.bind(server, 0)));
    else this.port = await trying(() => this.bind(server, this.port));
    this.server = server;
  }

  /** @see NodeFront */
  freeze(): void {
    if (!this.front) throw new Error('only a node of a cluster can be frozen');
    this.front.freeze();
  }

  thaw(): void {
    this.front?.thaw();
  }

  get isFrozen(): boolean {
    return this.front?.isFrozen ?? false;
  }

  /** Every connection is cut, whatever is under way. */
  stop(): void {
    this.server?.forceShutdown();
    this.front?.close();
    this.server = undefined;
  }

  private bind(server: Server, at: number): Promise<number> {
    const { certificate } = this;
    const credentials = certificate
      ? ServerCredentials.createSsl(null, [
          { cert_chain: certificate.certificate, private_key: certificate.key },
        ])
      : ServerCredentials.createInsecure();
    return new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${at}`, credentials, (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
  }
}

/** The port of the server before is free again in a moment. */
async function trying(listen: () => Promise<number>): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listen();
    } catch (error) {
      if (attempt === 50) throw error;
      await sleep(20);
    }
  }
}

function clusterInfo(members: readonly Member[]): ClusterInfo {
  const { VNodeState } = MemberInfo;
  const list = members.map(({ port, isAlive, isLeader }) =>
    new MemberInfo()
      .setInstanceId(new UUID().setString(randomUUID()))
      .setTimeStamp(String(BigInt(Date.now()) * 10_000n))
      .setState(isLeader ? VNodeState.LEADER : VNodeState.FOLLOWER)
      .setIsAlive(isAlive)
      .setHttpEndPoint(new EndPoint().setAddress('127.0.0.1').setPort(port)),
  );
  return new ClusterInfo().setMembersList(list);
}

function supportedMethods(): SupportedMethods {
  const methods = [...Object.values(StreamsService), ...Object.values(GossipService)].map(({ path }) => {
    const [, service = '', method = ''] = path.split('/');
    return new SupportedMethod().setServiceName(service.toLowerCase()).setMethodName(method.toLowerCase());
  });
  return new SupportedMethods().setMethodsList(methods).setEventStoreServerVersion('24.6.0');
}
