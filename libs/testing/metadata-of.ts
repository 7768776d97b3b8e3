/** So many keys of metadata, `k<from>` and on. */
export const metadataOf = (count: number, from = 0): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${from + n}`, 'v']));
