import type { EventStoreDbServer, EventStoreDbServerOptions } from './eventstoredb-server';

/** Starts an EventStoreDB at the level of the wire, on free ports. gRPC is loaded only here: most specs do without it. */
export async function startEventStoreDbServer(
  options: EventStoreDbServerOptions = {},
): Promise<EventStoreDbServer> {
  const server = await import('./eventstoredb-server.js');
  return server.EventStoreDbServer.start(options);
}
