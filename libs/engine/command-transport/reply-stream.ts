import type { ServerResponse } from 'node:http';
import type { WireReply } from './wire';

/** Answers the commands of one request as they are done, those of one turn of the event loop at once; ends after the last one. */
export class ReplyStream {
  private lines = '';

  constructor(
    private readonly response: ServerResponse,
    private open: number,
  ) {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    // The caller waits for each line, not for the head.
    if (open === 0) response.end();
    else response.flushHeaders();
  }

  send(index: number, reply: WireReply): void {
    if (this.lines === '') setImmediate(() => this.flush());
    this.lines += `${JSON.stringify([index, reply])}\n`;
    this.open -= 1;
  }

  /** Anyone who has disconnected gets nothing: writing to a closed response is no error. */
  private flush(): void {
    const { lines } = this;
    this.lines = '';
    if (this.open === 0) this.response.end(lines);
    else this.response.write(lines);
  }
}
