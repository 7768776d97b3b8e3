import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { organizationStream } from '@fintech-ledger/envelope';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import {
  JournalWriter,
  ownCommand,
  silentObserver,
  soleOwnership,
  WriterDirectory,
  WriterUnavailable,
} from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import { randomUUID } from 'node:crypto';
import { ledgerAndAccess } from './modules';

/** Writers of organizations over a store in memory. */
export class AccessInMemory implements CommandGateway {
  readonly store = new MemoryEventStore();
  /** How many commands are still taken; the next one finds no writer. Undefined: all. */
  left: number | undefined;
  private readonly checkpoints = new MemoryCheckpointStore();
  private readonly directory = new WriterDirectory({
    ownership: soleOwnership,
    openWriter: (stream) =>
      new JournalWriter(
        stream,
        {
          domain: ledgerAndAccess.domainOf(stream),
          eventStore: this.store,
          checkpoints: this.checkpoints,
          clock: { nowMs: () => Date.now() },
          observer: silentObserver,
          newCommandId: randomUUID,
        },
        { cacheRecords: 100 },
      ),
  });

  submit(envelope: CommandEnvelope): Promise<CommandOutcome> {
    if (this.left === 0) return Promise.reject(new WriterUnavailable('it was killed'));
    if (this.left !== undefined) this.left -= 1;
    return this.directory.submit(envelope);
  }

  /** The installation asks. */
  ask(organizationId: string, command: object, more: object = {}): Promise<CommandOutcome> {
    return this.submit({ ...ownCommand(organizationId, command, 'req_1'), ...more });
  }

  /** The types of an organization's events. */
  async typesOf(organizationId: string): Promise<readonly string[]> {
    const events = await this.store.readStream(organizationStream(organizationId), { limit: 100 });
    return events.map(({ type }) => type);
  }

  close(): Promise<void> {
    return this.directory.close();
  }
}
