import fc from 'fast-check';
import { seedOf } from './seed';

it('is the one of the run, for properties that name none too', () => {
  expect(fc.readConfigureGlobal().seed).toBe(jest.getSeed());
  expect(seedOf('NO_SUCH_SEED')).toBe(jest.getSeed() & 0x7fff_ffff);
});

it('is what the variable says', () => {
  process.env['SEED_OF_A_SPEC'] = '12';
  expect(seedOf('SEED_OF_A_SPEC')).toBe(12);
  delete process.env['SEED_OF_A_SPEC'];
});
