import type { PartyFacts } from './party';

/* Split rules, as another module records them in the same journal: what payments read of them. */

/** What a payment reads of a version of a split rule. */
export interface KnownSplitRule {
  /** The only one that it splits; null: any. */
  readonly currency: string | null;
  readonly id: string;
  readonly parties: readonly PartyFacts[];
  readonly version: number;
}
interface NewestVersion {
  /** The revision of the event that made each version, the first one first. */
  readonly madeAt: readonly number[];
  readonly rule: KnownSplitRule;
}
interface View {
  get(key: string): { readonly kind: string } | undefined;
}

/** What keys of their records begin with. */
export const splitRuleKeys = {
  split_rule: 'split_rule:',
  split_rule_version: 'split_rule_version:',
} as const;
/** Of the newest version. */
export const splitRuleKey = (id: string): string => `${splitRuleKeys.split_rule}${id}`;
/** Of an earlier one. */
export const splitRuleVersionKey = (id: string, version: number): string =>
  `${splitRuleKeys.split_rule_version}${id}:${version}`;

function newestOf(view: View, id: string): NewestVersion | undefined {
  const record = view.get(splitRuleKey(id));
  return record?.kind === 'split_rule' ? (record as unknown as NewestVersion) : undefined;
}

/** The newest version. */
export const splitRuleOf = (view: View, id: string): KnownSplitRule | undefined => newestOf(view, id)?.rule;

/** The version that there was after that revision, of a younger rule the first; undefined: there is no such rule. */
function versionAt(view: View, id: string, revision: number): number | undefined {
  const newest = newestOf(view, id);
  if (newest === undefined) return undefined;
  return Math.max(newest.madeAt.findLastIndex((made) => made <= revision) + 1, 1);
}

/** As it was after that revision; of a younger rule the first version. */
export function splitRuleAt(view: View, id: string, revision: number): KnownSplitRule | undefined {
  const version = versionAt(view, id, revision);
  const newest = splitRuleOf(view, id);
  if (version === undefined || version === newest?.version) return newest;
  const record = view.get(splitRuleVersionKey(id, version));
  return (record as { readonly rule: KnownSplitRule } | undefined)?.rule;
}

/** Keys of the records that `splitRuleAt` reads, as far as the view tells. */
export function splitRuleReads(view: View, id: string, revision: number): readonly string[] {
  const version = versionAt(view, id, revision);
  const isEarlier = version !== undefined && version !== splitRuleOf(view, id)?.version;
  return [splitRuleKey(id), ...(isEarlier ? [splitRuleVersionKey(id, version)] : [])];
}
