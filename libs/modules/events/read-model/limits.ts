import { apiKeyFreshMs } from '@fintech-ledger/http/base';
import { journalLimits } from '@fintech-ledger/journal';

/**
 * Within which every process knows that a clock was set, or refuses commands: twice what that takes, and as much as
 * clocks of two processes may differ by. Milliseconds.
 */
export const clockKnownMs = 2 * apiKeyFreshMs + journalLimits.clockAheadMsMax;
