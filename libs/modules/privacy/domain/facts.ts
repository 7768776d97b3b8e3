/** Somebody about whom values are kept, encrypted with a key of their own. */
export interface DataSubjectFacts {
  readonly createdAt: string;
  /** Null: the key is there. */
  readonly erasedAt: string | null;
  /** `sub_…` */
  readonly id: string;
  /** What the client calls them, sealed with their key; null: they are erased. */
  readonly reference: string | null;
}
