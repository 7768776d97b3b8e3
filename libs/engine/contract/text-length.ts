/** Whether a text has so many Unicode characters. */
export function hasLength(text: string, min: number, max: number): boolean {
  // A character has one unit or two.
  if (text.length < min || text.length > 2 * max) return false;
  if (text.length >= 2 * min && text.length <= max) return true;
  const { length } = [...text];
  return length >= min && length <= max;
}
