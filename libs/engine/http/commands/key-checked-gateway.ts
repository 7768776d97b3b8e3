import { WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import type { ApiKeyDirectory } from '../authentication/api-key-directory';
import { unauthenticated } from '../authentication/authenticator';
import { apiKeyFreshMs } from '../limits';

type Keys = Pick<ApiKeyDirectory, 'isRevoked' | 'ageMs' | 'refresh'>;

/**
 * The gateway, for commands of API keys: each is checked again when it is sent, because the request may have
 * begun long before (a body that comes slowly, a stream of lines, an import).
 */
export class KeyCheckedGateway implements CommandGateway {
  constructor(
    private readonly gateway: CommandGateway,
    private readonly keys: Keys,
  ) {}

  submit(envelope: CommandEnvelope): Promise<CommandOutcome> {
    if (this.mayGo(envelope)) return this.gateway.submit(envelope);
    return this.check(envelope).then(() => this.gateway.submit(envelope));
  }

  /** @throws ApiProblem `unauthenticated` · WriterUnavailable */
  private async check(envelope: CommandEnvelope): Promise<void> {
    if (!this.keys.isRevoked(envelope.actor)) await this.keys.refresh();
    if (this.keys.isRevoked(envelope.actor)) throw unauthenticated('The API key was revoked.');
    if (!this.mayGo(envelope)) throw new WriterUnavailable('it is not known whether the API key is in force');
  }

  private mayGo({ actor, organizationId }: CommandEnvelope): boolean {
    return !this.keys.isRevoked(actor) && this.keys.ageMs(organizationId) <= apiKeyFreshMs;
  }
}
