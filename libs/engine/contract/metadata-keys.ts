// `__proto__` is no name for anything: too many programs trip over it.
export const metadataKeySource = '^(?!__proto__$)[A-Za-z0-9_.:-]{1,64}$';
const metadataKey = new RegExp(metadataKeySource, 'u');
const anyKey = /^[A-Za-z0-9_.:-]{1,64}$/;

/** Whether metadata may have this key. */
export function isMetadataKey(text: string): boolean {
  return metadataKey.test(text);
}

/** Whether it may be kept under this key; one that nobody may give any more may have been given before. */
export function isKeptMetadataKey(text: string): boolean {
  return anyKey.test(text);
}
