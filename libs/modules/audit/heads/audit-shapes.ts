import { list, named, nullable, object, page, text, time, whole } from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';

const root = text(
  'The hash of the tree, lower-case hex.',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
);
const hash = text(
  'A hash, lower-case hex.',
  '6e34b9d9ff1e4ac0b5f3aa07d0e55a8bb48a4d76a5f2f4d3ab6ff0b22f7a9d10',
);

export const treeHeadShape = named(
  'TreeHead',
  "What a ledger's Merkle log was at a time, signed.",
  object({
    ledger: text('The id of the ledger.', 'led_1'),
    size: whole('How many events it has: those of the revisions below.', 42),
    root,
    time: time('When it was signed.'),
    key_id: text('The key that signed it: one of `GET /v1/audit/keys`.', 'adk_1'),
    signature: text(
      'Ed25519 (RFC 8032), base64, over the canonical JSON (RFC 8785) of `{"ledger", "root", "size", "time"}`.',
      'c2lnbmF0dXJl',
    ),
  }),
);
export type TreeHead = ViewOf<typeof treeHeadShape>;

export const auditKeyShape = named(
  'AuditKey',
  'A key that heads are signed with.',
  object({
    key_id: text('Its id, as in heads.', 'adk_1'),
    public_key: text('The 32 bytes of the public Ed25519 key, base64.', 'MCowBQYDK2Vw'),
    created_at: time('Since when it signs.'),
    retired_at: nullable(time('Since when it signs no more; what it signed before still holds.')),
  }),
);
export type AuditKeyView = ViewOf<typeof auditKeyShape>;

export const auditKeyListShape = page(auditKeyShape, 'AuditKeyList');

export const inclusionProofShape = named(
  'InclusionProof',
  'Proves that an event is in the tree.',
  object({
    leaf: text('The hash of the event, which is the data of its leaf, lower-case hex.', hash.example),
    path: list(hash, 'The hashes beside the way from the leaf to the root, in this order (RFC 9162, 2.1.3).'),
  }),
);
export type InclusionProofView = ViewOf<typeof inclusionProofShape>;

export const consistencyProofShape = named(
  'ConsistencyProof',
  'Proves that a tree begins with an older one.',
  object({ path: list(hash, 'The hashes of RFC 9162, 2.1.4, in its order.') }),
);
export type ConsistencyProofView = ViewOf<typeof consistencyProofShape>;
