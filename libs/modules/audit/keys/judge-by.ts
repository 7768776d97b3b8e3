import type { AuditKeys } from './audit-keys';
import { isSignedBy } from './is-signed-by';

/** Whether a signature over a value is by a key of this installation; undefined: it does not know the key. */
export function judgeBy(
  keys: Pick<AuditKeys, 'find'>,
): (keyId: string, signature: string, value: object) => Promise<boolean | undefined> {
  return async (keyId, signature, value) => {
    const key = await keys.find(keyId);
    return key && isSignedBy(key.publicKey, signature, value);
  };
}
