import net from 'node:net';

/**
 * The address of a node that can be frozen, as by SIGSTOP: connections stay open and new ones are taken by the operating system, but
 * nobody reads or says anything, not even an answer to a ping.
 */
export class NodeFront {
  private readonly sockets = new Set<net.Socket>();
  private server: net.Server | undefined;
  isFrozen = false;

  /** @returns the port it listens on */
  async listen(port: number, target: number): Promise<number> {
    const server = net.createServer({ noDelay: true }, (client) => this.connect(client, target));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    this.server = server;
    return (server.address() as net.AddressInfo).port;
  }

  freeze(): void {
    this.isFrozen = true;
    for (const socket of this.sockets) socket.pause();
  }

  /** What came in meanwhile arrives now. */
  thaw(): void {
    this.isFrozen = false;
    for (const socket of this.sockets) socket.resume();
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server?.close();
    this.server = undefined;
    this.isFrozen = false;
  }

  private connect(client: net.Socket, target: number): void {
    const node = net.connect({ port: target, host: '127.0.0.1', noDelay: true });
    for (const [socket, other] of [
      [client, node],
      [node, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on('data', (chunk) => other.write(chunk));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
      if (this.isFrozen) socket.pause();
    }
  }
}
