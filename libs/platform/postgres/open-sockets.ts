import net from 'node:net';

/** The sockets of a pool. Those of a server that does not answer can be cut off: the driver waits for its good-bye. */
export class OpenSockets {
  private readonly sockets = new Set<net.Socket>();

  /** A new one, which the driver connects. */
  open(): net.Socket {
    const socket = new net.Socket();
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    return socket;
  }

  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
