import { GossipClient } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { credentials, Metadata } from '@grpc/grpc-js';
import type { ChannelCredentials } from '@grpc/grpc-js';
import type { EventStoreUrl } from './event-store-url';
import { tlsFiles } from './tls-files';

/** Whether a node answers anything at all within this time, over a connection of its own. */
export async function answersGossip(
  target: string,
  url: EventStoreUrl,
  milliseconds: number,
): Promise<boolean> {
  const client = new GossipClient(target, channelCredentials(url), { 'grpc.use_local_subchannel_pool': 1 });
  try {
    return await new Promise<boolean>((resolve) => {
      const deadline = Date.now() + milliseconds;
      client.read(new Empty(), new Metadata(), { deadline }, (error) => resolve(error === null));
    });
  } finally {
    client.close();
  }
}

function channelCredentials(url: EventStoreUrl): ChannelCredentials {
  if (!url.isTls) return credentials.createInsecure();
  const { ca, certificate, key } = tlsFiles(url);
  return credentials.createSsl(ca, key, certificate);
}
