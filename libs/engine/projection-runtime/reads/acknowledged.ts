import { journalStream, organizationStream, streamOwner } from '@fintech-ledger/envelope';
import type { EventStore } from '@fintech-ledger/event-store';
import type { CommandEnvelope, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import { AcknowledgedPositions } from './acknowledged-positions';
import { acknowledgedOwnersMax } from './limits';
import type { Followed } from './queries';

/** What this process has acknowledged and the read models may not have yet: a query has to see it. */
export interface Acknowledged {
  readonly ledgers: AcknowledgedPositions;
  readonly organizations: AcknowledgedPositions;
}

export function nothingAcknowledged(ports: {
  readonly ledgerQueries: Pick<Followed, 'waitFor'>;
  readonly organizationQueries: Pick<Followed, 'waitFor'>;
  readonly eventStore: Pick<EventStore, 'readStream'>;
}): Acknowledged {
  const { ledgerQueries, organizationQueries, eventStore } = ports;
  const of = (
    queries: Pick<Followed, 'waitFor'>,
    streamOf: (owner: string) => string,
  ): AcknowledgedPositions =>
    new AcknowledgedPositions(
      {
        hasReached: (owner, revision) => queries.waitFor(owner, revision, 0),
        async headOf(owner) {
          const [head] = await eventStore.readStream(streamOf(owner), { direction: 'backwards', limit: 1 });
          return head?.revision ?? -1;
        },
      },
      acknowledgedOwnersMax,
    );
  return {
    ledgers: of(ledgerQueries, journalStream),
    organizations: of(organizationQueries, organizationStream),
  };
}

/** The same door for commands; what it lets through is remembered. */
export class RememberingGateway implements CommandGateway {
  constructor(
    private readonly gateway: CommandGateway,
    private readonly acknowledged: Acknowledged,
  ) {}

  submit(envelope: CommandEnvelope): Promise<CommandOutcome> {
    const answer = this.gateway.submit(envelope);
    if (envelope.dryRun === true) return answer;
    return answer.then((outcome) => {
      if (outcome.kind === 'accepted') this.note(envelope, outcome.revision);
      return outcome;
    });
  }

  private note({ stream, organizationId }: CommandEnvelope, revision: number): void {
    if (stream === organizationStream(organizationId)) {
      this.acknowledged.organizations.note(organizationId, revision);
    } else this.acknowledged.ledgers.note(streamOwner(stream), revision);
  }
}
