import fc from 'fast-check';

/**
 * What a random client wants, before anybody knows whether there is an account or a hold for it: numbers pick from what there is
 * when its turn comes (see `commandFor`). So a failing sequence shrinks without becoming meaningless.
 */
export interface Intent {
  readonly kind: IntentKind;
  readonly picks: readonly number[];
  readonly amount: number;
  /** 0 to 99: decides between the variants of a kind. */
  readonly variant: number;
  readonly elapsedSeconds: number;
}

/** How often each kind comes: most of all what moves money, and most of it acceptable. */
const weights = {
  open: 6,
  amend: 3,
  freeze: 1,
  unfreeze: 2,
  close: 1,
  reopen: 1,
  post: 30,
  hold: 18,
  capture: 14,
  void: 4,
  reverse: 9,
  bulk: 5,
  expire: 4,
  period: 1,
  mistake: 4,
};
export type IntentKind = keyof typeof weights | 'nothing';

const kinds = fc.oneof(
  { withCrossShrink: true },
  // Never drawn: what a command that does not matter for a failure shrinks to.
  { weight: 0, arbitrary: fc.constant<IntentKind>('nothing') },
  ...Object.entries(weights).map(([kind, weight]) => ({
    weight,
    arbitrary: fc.constant(kind as IntentKind),
  })),
);

const intent: fc.Arbitrary<Intent> = fc.record({
  kind: kinds,
  picks: fc.array(fc.nat(1_000), { minLength: 8, maxLength: 8 }),
  amount: fc.integer({ min: 1, max: 1_000 }),
  variant: fc.nat(99),
  elapsedSeconds: fc.nat(60),
});

/** Sequences of just so many intents. */
export function intents(count: number): fc.Arbitrary<readonly Intent[]> {
  return fc.array(intent, { minLength: count, maxLength: count, size: 'max' });
}
