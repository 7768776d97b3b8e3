/** An answer as it is kept in JSON: amounts are texts. */
export const packed = (answer: object): object =>
  'feeMinor' in answer ? { ...answer, feeMinor: String(answer.feeMinor as bigint) } : answer;

/** What `packed` made. */
export function unpacked<A extends object>(kept: unknown): A {
  const answer = kept as A & { readonly feeMinor?: string };
  return answer.feeMinor === undefined ? answer : { ...answer, feeMinor: BigInt(answer.feeMinor) };
}
