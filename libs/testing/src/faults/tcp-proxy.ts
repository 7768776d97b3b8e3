import net from 'node:net';

/** What a proxy does with what passes through it. */
export type ProxyFault =
  | 'none'
  /** New connections are refused, and existing ones were cut. */
  | 'down'
  /** Requests arrive; at the first answer the connection is cut and the answer is lost. */
  | 'lose_answers'
  /** Requests arrive; answers never come, and the connection stays open. */
  | 'hold_answers';

export interface TcpProxy {
  /** The connection string of the database behind, by way of the proxy. */
  readonly url: string;
  /** From now on; 'down' also cuts what is open. */
  set(fault: ProxyFault): void;
  close(): Promise<void>;
}

/** A proxy in front of a Postgres server, to lose exactly what a test wants to lose. */
export async function tcpProxy(databaseUrl: string): Promise<TcpProxy> {
  const url = new URL(databaseUrl.replace(/@\//, '@socket/'));
  const target = targetOf(url);
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
  url.search = '';
  return {
    url: url.href,
    set(next) {
      fault = next;
      if (next === 'down') cutAll();
    },
    async close() {
      cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function targetOf(url: URL): net.NetConnectOpts {
  const folder = url.searchParams.get('host');
  const port = Number(url.searchParams.get('port') ?? (url.port || '5432'));
  if (folder?.startsWith('/')) return { path: `${folder}/.s.PGSQL.${port}` };
  return { host: folder ?? url.hostname, port };
}
