import fc from 'fast-check';
import { admit, circuitAfter, closedCircuit, isFailingForTooLong } from './circuit';
import type { Circuit } from './circuit';

const start = Date.UTC(2026, 0, 1);
const day = 24 * 3_600_000;
const failing = (times: number, at = start): Circuit => {
  let circuit = closedCircuit;
  for (let n = 0; n < times; n += 1) circuit = circuitAfter(circuit, false, at);
  return circuit;
};

describe('the circuit of an endpoint', () => {
  it('opens with the tenth failure in a row, each time for longer, at most ten minutes', () => {
    expect(failing(9).probeAt).toBeNull();
    const pauses = [10, 11, 12, 13, 14, 15, 16, 17, 1_000].map(
      (times) => (failing(times).probeAt ?? 0) - start,
    );
    expect(pauses.map((ms) => ms / 1_000)).toEqual([10, 20, 40, 80, 160, 320, 600, 600, 600]);
  });

  it('closes with one success', () => {
    expect(circuitAfter(failing(20), true, start)).toEqual(closedCircuit);
  });

  it('lets one attempt through while it is open, and the next one when that was given up', () => {
    const open = failing(10);
    expect(admit(open, start + 9_999, 20_000)).toEqual({ isAdmitted: false, circuit: open });
    const first = admit(open, start + 10_000, 20_000);
    expect(first.isAdmitted).toBe(true);
    expect(admit(first.circuit, start + 29_999, 20_000).isAdmitted).toBe(false);
    expect(admit(first.circuit, start + 30_000, 20_000).isAdmitted).toBe(true);
  });

  it('admits at most one attempt for each pause, whoever asks how often', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5_000 }), { maxLength: 200 }), (steps) => {
        let [circuit, now, last] = [failing(10), start, Number.NEGATIVE_INFINITY];
        for (const step of steps) {
          now += step;
          const asked = admit(circuit, now, 20_000);
          circuit = asked.circuit;
          if (!asked.isAdmitted) continue;
          expect(now - last).toBeGreaterThanOrEqual(20_000);
          last = now;
        }
      }),
    );
  });

  it('is closed exactly when fewer than ten failures follow the last success', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (outcomes) => {
        let circuit = closedCircuit;
        for (const isSuccess of outcomes) circuit = circuitAfter(circuit, isSuccess, start);
        const inARow = outcomes.length - 1 - outcomes.lastIndexOf(true);
        expect(circuit.failuresInARow).toBe(inARow);
        expect(circuit.probeAt === null).toBe(inARow < 10);
      }),
    );
  });
});

describe('an endpoint that fails', () => {
  it('is disabled after five days without one success', () => {
    const circuit = circuitAfter(failing(1), false, start + 4 * day);
    expect(isFailingForTooLong(circuit, start + 5 * day - 1)).toBe(false);
    expect(isFailingForTooLong(circuit, start + 5 * day)).toBe(true);
    expect(isFailingForTooLong(circuitAfter(circuit, true, start + 4 * day), start + 9 * day)).toBe(false);
  });
});
