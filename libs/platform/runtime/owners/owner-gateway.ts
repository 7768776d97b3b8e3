import { messageOf } from '@fintech-ledger/contract';
import {
  inTime,
  notInTime,
  submitWithPatience,
  withDeadline,
  WriterUnavailable,
} from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandGateway, CommandOutcome, Forwarder } from '@fintech-ledger/journal';
import { hash } from 'node:crypto';
import { ownersRememberedMax } from '@fintech-ledger/http/base';
import { OwnerWatch } from './owner-watch';
import type { OwnerDirectory } from './owner-watch';

export interface OwnerGatewayOptions {
  readonly directory: OwnerDirectory;
  readonly forwarder: Forwarder;
  /** How long a caller waits for its answer. */
  readonly patienceMs?: number;
  /** How often it is looked whether a stream still belongs to a writer that does not answer. */
  readonly ownerCheckMs?: number;
}

/** The door for commands in a process that writes nothing: hands each to the writer that owns its stream, or to a living one that will. */
export class OwnerGateway implements CommandGateway {
  /** Oldest first. */
  private readonly remembered = new Map<string, string>();

  private readonly watch: OwnerWatch;

  constructor(private readonly options: OwnerGatewayOptions) {
    this.watch = new OwnerWatch(options.directory, options.ownerCheckMs ?? 1_000);
  }

  submit(command: CommandEnvelope): Promise<CommandOutcome> {
    const patienceMs = this.options.patienceMs ?? 10_000;
    const envelope = withDeadline(command, patienceMs);
    return submitWithPatience(
      envelope,
      () =>
        this.attempt(envelope).catch((error: unknown) => {
          this.remembered.delete(envelope.stream);
          throw error;
        }),
      { patienceMs },
    );
  }

  private async attempt(envelope: CommandEnvelope): Promise<CommandOutcome> {
    const { deadline, stream } = envelope;
    const find = (): Promise<string> => inTime(this.find(stream), deadline, () => notInTime(stream));
    // Until it is handed over nothing of it is written, whatever goes wrong.
    const address = this.remembered.get(stream) ?? (await find().catch(notHandedOver));
    const answer = this.options.forwarder.forward(address, envelope);
    // Only with a key is there anything better to do than to wait.
    const isRepeatable = envelope.idempotencyKey !== undefined;
    const outcome = await (isRepeatable ? this.watch.over(stream, address, answer) : answer);
    this.remember(stream, address);
    return outcome;
  }

  private async find(stream: string): Promise<string> {
    const { directory } = this.options;
    const owner = await directory.ownerOf(stream);
    if (owner !== undefined) return owner;
    const owners = await directory.owners();
    // The same one from every process that asks, so that a new ledger has one owner at once.
    const place = Number.parseInt(hash('sha256', stream, 'hex').slice(0, 8), 16);
    const chosen = owners[place % owners.length];
    if (chosen === undefined) throw new WriterUnavailable('no writer is running');
    return chosen;
  }

  private remember(stream: string, address: string): void {
    if (this.remembered.get(stream) === address) return;
    this.remembered.set(stream, address);
    if (this.remembered.size <= ownersRememberedMax) return;
    for (const [oldest] of this.remembered) {
      this.remembered.delete(oldest);
      return;
    }
  }
}

function notHandedOver(error: unknown): never {
  if (error instanceof WriterUnavailable) throw error;
  const message = messageOf(error);
  throw new WriterUnavailable(`the owner could not be looked up: ${message}`, 1, { cause: error });
}
