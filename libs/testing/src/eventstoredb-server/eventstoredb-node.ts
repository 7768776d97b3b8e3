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
import { readHandler } from './read-handler';
import type { Certificate } from './self-signed-certificate';

export interface Member {
  readonly port: number;
  readonly isAlive: boolean;
  readonly isLeader: boolean;
}

/** One node: a gRPC server on 127.0.0.1 that keeps its port for as long as it lives, up or down. */
export class EventStoreDbNode {
  port = 0;
  private server: Server | undefined;

  constructor(
    private readonly context: NodeContext,
    private readonly members: () => readonly Member[],
    private readonly certificate: Certificate | undefined,
  ) {}

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
      read: (_call: ServerUnaryCall<Empty, ClusterInfo>, callback: sendUnaryData<ClusterInfo>) =>
        callback(null, clusterInfo(this.members())),
    });
    server.addService(ServerFeaturesService, {
      getSupportedMethods: (
        _call: ServerUnaryCall<Empty, SupportedMethods>,
        callback: sendUnaryData<SupportedMethods>,
      ) => callback(null, supportedMethods()),
    });
    this.port = await this.bind(server);
    this.server = server;
  }

  /** Every connection is cut, whatever is under way. */
  stop(): void {
    this.server?.forceShutdown();
    this.server = undefined;
  }

  private async bind(server: Server): Promise<number> {
    const { certificate } = this;
    const credentials = certificate
      ? ServerCredentials.createSsl(null, [
          { cert_chain: certificate.certificate, private_key: certificate.key },
        ])
      : ServerCredentials.createInsecure();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await new Promise<number>((resolve, reject) => {
          server.bindAsync(`127.0.0.1:${this.port}`, credentials, (error, port) =>
            error ? reject(error) : resolve(port),
          );
        });
      } catch (error) {
        // The port of the server before is free again in a moment.
        if (attempt === 50) throw error;
        await sleep(20);
      }
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
