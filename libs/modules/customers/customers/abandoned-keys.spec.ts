// Of what is loaded late, class-validator's decorators want it.
import 'reflect-metadata';
import type { CommandGateway } from '@fintech-ledger/journal';
import type { PaymentsLedgers } from '@fintech-ledger/payments/nest';
import type { ClaimedSubject } from '@fintech-ledger/privacy';
import { abandonedCustomers } from './abandoned-keys';

/** What is settled of subjects whose requests died, when the writer says this of their customers. */
async function settled(says: Readonly<Record<string, object>>): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  const gateway = {
    submit: ({ command, dryRun }: { readonly command: { customerId: string }; readonly dryRun: boolean }) => {
      expect(dryRun).toBe(true);
      const answer = says[command.customerId];
      return answer === undefined ? Promise.reject(new Error('no writer')) : Promise.resolve(answer);
    },
  } as unknown as CommandGateway;
  const ledgers = { find: () => Promise.resolve({ kind: 'there', ledger: { id: 'led_1' } }) };
  const keys = {
    claimed: () =>
      Promise.resolve(
        Object.keys(says).map((id) => ({ id: id.replace('cus_', 'sub_'), organizationId: 'org_1' })),
      ),
    settle: ({ id }: ClaimedSubject, sealed: readonly string[] | undefined) => {
      all.push([id, sealed]);
      return Promise.resolve();
    },
  };
  await abandonedCustomers(gateway, ledgers as unknown as PaymentsLedgers, keys).settle();
  return all;
}
const accepted = (email: string | null) => ({ kind: 'accepted', answer: JSON.stringify({ email }) });
const refused = (code: string) => ({ kind: 'refused', refusal: { code } });

it('what died is settled by what the writer says of the customer', async () => {
  const says = {
    cus_none: refused('customer_not_found'),
    cus_deleted: refused('customer_deleted'),
    cus_known: accepted('sealed:1:customer.email:sub_known:x'),
    cus_bare: accepted(null),
  };
  expect(await settled(says)).toEqual([
    ['sub_none', undefined],
    ['sub_deleted', []],
    ['sub_known', ['sealed:1:customer.email:sub_known:x']],
    ['sub_bare', []],
  ]);
});

it('nothing is settled while the writer says nothing, or something else', async () => {
  await expect(settled({ cus_unknown: undefined as never })).rejects.toThrow('no writer');
  await expect(settled({ cus_odd: refused('scope_beyond_own') })).rejects.toThrow('scope_beyond_own');
});
