import type { CommandContext } from '../command-context';

/**
 * Makes an API key. Answers with `CommandOutcome`, whose answer holds the key itself as `key`: shown to its creator, kept nowhere. With an idempotency
 * key the secret is derived from it, so a replay shows the same key; a dry run shows none.
 */
export class IssueApiKey {
  constructor(
    readonly name: string,
    readonly scopes: readonly string[],
    readonly context: CommandContext,
  ) {}
}
