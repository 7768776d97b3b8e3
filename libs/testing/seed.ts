/**
 * The seed of a spec's random input: what a variable says (to repeat a run), else the run's own.
 * `npm test` takes that from the commit's tree, so a commit that has passed passes again.
 */
export const seedOf = (variable: string): number =>
  Number(process.env[variable] ?? jest.getSeed() & 0x7fff_ffff);
