import type { CommandContext } from '../command-context';

/** Revokes an API key of the caller's organization. Answers with `CommandOutcome`; refusals: `api_key_not_found`, `api_key_revoked`. */
export class WithdrawApiKey {
  constructor(
    readonly apiKeyId: string,
    readonly context: CommandContext,
  ) {}
}
