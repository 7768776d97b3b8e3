const lengthMin = 32;
/** 32 random decimal digits have fewer different ones once in 60,000 times, and hexadecimal ones practically never. */
const differentMin = 7;

/** Why somebody could guess a pepper; undefined: nothing is known against it. To follow "The API key pepper". */
export function pepperWeakness(pepper: string): string | undefined {
  if (pepper.length < lengthMin) return `has ${pepper.length} characters, fewer than ${lengthMin}`;
  if (new Set(pepper).size < differentMin) return `has fewer than ${differentMin} different characters`;
  for (let period = 1; period <= pepper.length / 2; period += 1) {
    if (pepper.slice(period) === pepper.slice(0, -period)) return 'is a shorter text that is repeated';
  }
  return undefined;
}
