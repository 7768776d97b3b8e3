import type { CommandOutcome } from '@fintech-ledger/journal';
import { outcomeOf } from './wire';
import type { WireReply } from './wire';

interface Sending {
  readonly text: string;
  readonly resolve: (outcome: CommandOutcome) => void;
  readonly reject: (error: Error) => void;
}

/** Commands that travel in one request, and who waits for them. */
export class Parcel {
  private readonly waiting = new Map<number, Sending>();
  readonly body: string;

  constructor(sendings: readonly Sending[]) {
    for (const [index, sending] of sendings.entries()) this.waiting.set(index, sending);
    this.body = `[${sendings.map(({ text }) => text).join(',')}]`;
  }

  /** Takes one command's reply. */
  answer(index: number, reply: WireReply): void {
    const sending = this.waiting.get(index);
    this.waiting.delete(index);
    try {
      sending?.resolve(outcomeOf(reply));
    } catch (error) {
      sending?.reject(error as Error);
    }
  }

  /** No more replies come: whoever waits is told why. */
  fail(error: Error): void {
    for (const sending of this.waiting.values()) sending.reject(error);
    this.waiting.clear();
  }
}

/** Gathers the commands for one process that arrive in one turn of the event loop: they travel together. */
export class Outbox {
  private sendings: Sending[] = [];
  private bytes = 0;

  constructor(
    private readonly limits: { readonly commands: number; readonly bytes: number },
    private readonly send: (parcel: Parcel) => void,
  ) {}

  /** @param text the command's JSON */
  put(text: string): Promise<CommandOutcome> {
    return new Promise((resolve, reject) => {
      // UTF-16 units: the server's limit leaves room for what they become.
      if (this.bytes + text.length > this.limits.bytes) this.flush();
      if (this.sendings.length === 0) setImmediate(() => this.flush());
      this.sendings.push({ text, resolve, reject });
      this.bytes += text.length;
      if (this.sendings.length >= this.limits.commands) this.flush();
    });
  }

  private flush(): void {
    if (this.sendings.length === 0) return;
    const parcel = new Parcel(this.sendings);
    this.sendings = [];
    this.bytes = 0;
    this.send(parcel);
  }
}
