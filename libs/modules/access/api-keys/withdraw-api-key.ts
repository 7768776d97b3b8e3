import type { CommandContext } from '@fintech-ledger/journal';

/**
 * Revokes an API key of the caller's organization. Answers with `CommandOutcome`; refusals: `api_key_not_found`,
 * `scope_beyond_own`, `api_key_revoked`.
 */
export class WithdrawApiKey {
  constructor(
    readonly apiKeyId: string,
    readonly context: CommandContext,
  ) {}
}
