import net from 'node:net';

/** What a proxy does with what passes through it. */
export type ProxyFault =
  | 'none'
  /** New connections are refused, and existing ones were cut. */
  | 'down'
  /** Requests arrive; at the first answer the connection is cut and the answer is lost. */
  | 'lose_answers'
  /** Requests arrive; answers never come, and the connection stays open. */
  | 'hold_answers'
  /**
   * Nothing passes in either direction, and nobody is told: connections stay open, new ones are taken and hear nothing. What is sent meanwhile arrives
   * when it has ended, as what a network sends again.
   */
  | 'partitioned';

export interface TcpProxy {
  /** The connection string of what is behind, by way of the proxy. */
  readonly url: string;
  /** From now on; 'down' also cuts what is open, and what follows 'partitioned' lets through what it held. */
  set(fault: ProxyFault): void;
  /** What is open is cut, and new connections go to another server. */
  moveTo(connectionString: string): void;
  close(): Promise<void>;
}

/** A proxy in front of a Postgres server or a single EventStoreDB, to lose exactly what a test wants to lose. */
export async function tcpProxy(connectionString: string): Promise<TcpProxy> {
  const url = new URL(connectionString.replace(/@\//, '@socket/'));
  let target = targetOf(url);
  let fault: ProxyFault = 'none';
  const sockets = new Set<net.Socket>();
  const cutAll = (): void => sockets.forEach((socket) => socket.destroy());

  const server = net.createServer((client) => {
    if (fault === 'down') return client.destroy();
    const upstream = net.connect(target);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    if (fault === 'partitioned') pause(client, upstream);
    client.on('data', (chunk) => upstream.write(chunk));
    upstream.on('data', (chunk) => {
      if (fault === 'lose_answers') client.destroy();
      else if (fault !== 'hold_answers') client.write(chunk);
    });
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  url.hostname = '127.0.0.1';
  url.port = String((server.address() as net.AddressInfo).port);
  // Of a Postgres on a socket: where the server is.
  url.searchParams.delete('host');
  url.searchParams.delete('port');
  return {
    url: url.href,
    set(next) {
      if (fault === 'partitioned') sockets.forEach((socket) => socket.resume());
      fault = next;
      if (next === 'partitioned') pause(...sockets);
      if (next === 'down') cutAll();
    },
    moveTo(other) {
      target = targetOf(new URL(other.replace(/@\//, '@socket/')));
      cutAll();
    },
    async close() {
      cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What comes in waits in the socket. An end is not noticed before `resume`. */
function pause(...sockets: readonly net.Socket[]): void {
  for (const socket of sockets) socket.pause();
}

function targetOf(url: URL): net.NetConnectOpts {
  const folder = url.searchParams.get('host');
  const port = Number(url.searchParams.get('port') ?? (url.port || '5432'));
  if (folder?.startsWith('/')) return { path: `${folder}/.s.PGSQL.${port}` };
  return { host: folder ?? url.hostname, port };
}
