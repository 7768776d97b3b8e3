import { refusal } from '@fintech-ledger/contract';

export const notInTree = refusal(
  'not_in_tree',
  'rule',
  "The ledger's Merkle log does not have that revision or that size, or not in a tree of the size that was asked for.",
);
