import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a call: it is answered, or its answer never comes, whether it was carried out or not. */
export type CarrierMood = 'answers' | 'is silent after it' | 'is silent before it';

/** The carrier of the test module, over HTTP: it carries out each idempotency key once, and knows it by that for ever. */
export class CarrierServer {
  /** How often it was told to take what a key stands for. */
  readonly handedOver = new Map<string, number>();
  /** What it has taken, by key. */
  readonly taken = new Set<string>();
  calls = 0;
  mood: (key: string) => CarrierMood = () => 'answers';
  private readonly server = createServer((request, response) => this.serve(request, response));

  static async start(): Promise<CarrierServer> {
    const carrier = new CarrierServer();
    carrier.server.listen(0, '127.0.0.1');
    await once(carrier.server, 'listening');
    return carrier;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const key = String(request.headers['idempotency-key']);
    const mood = this.mood(key);
    this.calls += 1;
    if (mood === 'is silent before it') return;
    if (request.url === '/hand_over') {
      this.handedOver.set(key, (this.handedOver.get(key) ?? 0) + 1);
      this.taken.add(key);
    }
    if (mood === 'is silent after it') return;
    const outcome = this.taken.has(key) ? 'taken' : 'not_known';
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ outcome }));
  }
}
