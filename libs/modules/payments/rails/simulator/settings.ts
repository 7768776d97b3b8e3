/** How the simulator behaves in one environment. */
export interface SimulatorSettings {
  /** Of the captured amount, in hundredths of a percent. */
  readonly feeBps: number;
  /** For each capture, in minor units of its currency. */
  readonly feeFixedMinor: bigint;
  /** From the day of a capture (UTC) to that on which it is paid out. */
  readonly settlementDays: number;
  /** For each dispute, in minor units of its currency. */
  readonly disputeFeeMinor: bigint;
}

export const simulatorDefaults: SimulatorSettings = {
  feeBps: 290,
  feeFixedMinor: 30n,
  settlementDays: 2,
  disputeFeeMinor: 1_500n,
};

/** What the simulator keeps of a capture: a share, rounded half up, and a fixed amount. */
export function feeOf(
  { feeBps, feeFixedMinor }: Pick<SimulatorSettings, 'feeBps' | 'feeFixedMinor'>,
  amountMinor: bigint,
): bigint {
  return (amountMinor * BigInt(feeBps) + 5_000n) / 10_000n + feeFixedMinor;
}

const dayMs = 86_400_000;

/** When a capture is paid out: at 00:00 UTC so many days later, or at once. @param at RFC 3339 */
export function availableOn(
  { settlementDays }: Pick<SimulatorSettings, 'settlementDays'>,
  at: string,
): string {
  if (settlementDays === 0) return at;
  const day = Math.floor(Date.parse(at) / dayMs);
  return new Date((day + settlementDays) * dayMs).toISOString();
}
