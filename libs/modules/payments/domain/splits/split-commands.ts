import type { PartyFacts } from './party';

/* What is asked of splits. */

/** By a rule, or among parties: one of the two is there. */
export interface CreateSplit {
  readonly type: 'CreateSplit';
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly parties?: readonly PartyFacts[];
  readonly payment: string;
  readonly splitRule?: string;
}
/** What is absent stays. */
export interface UpdateSplit {
  readonly type: 'UpdateSplit';
  readonly description?: string | null;
  /** Null: all of it goes; null for a key: that one. */
  readonly metadata?: Readonly<Record<string, string | null>> | null;
  readonly splitId: string;
}
/** The parties give back their parts of what a dispute took that is lost. `amount` absent: of all that is left. */
export interface ReverseSplit {
  readonly type: 'ReverseSplit';
  readonly amount?: string;
  readonly dispute: string;
  readonly splitId: string;
}
export type SplitCommand = CreateSplit | UpdateSplit | ReverseSplit;
