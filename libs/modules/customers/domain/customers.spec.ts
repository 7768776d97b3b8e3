import { CustomersJournal } from '../../../testing/customers/customers-journal';
import { metadataOf } from '../../../testing/metadata-of';
import type { CreateCustomer, CustomerCommand } from './commands';

const created: CreateCustomer = {
  type: 'CreateCustomer',
  address: null,
  customerId: 'cus_1',
  defaultPaymentMethod: null,
  description: null,
  email: 'sealed:1:customer.email:sub_1:aa',
  livemode: false,
  metadata: { crm: '1' },
  name: null,
  phone: null,
  subject: 'sub_1',
};
const attach = (template = 'pm_card_visa', customerId = 'cus_1'): CustomerCommand => ({
  type: 'AttachPaymentMethod',
  customerId,
  livemode: false,
  template,
});
const update = (more: object): CustomerCommand => ({ type: 'UpdateCustomer', customerId: 'cus_1', ...more });
const given = (...commands: readonly CustomerCommand[]): CustomersJournal => new CustomersJournal(commands);

describe('a customer', () => {
  it('is made as asked for', () => {
    given()
      .when(created)
      .then({
        type: 'CustomerCreated',
        data: { customer: { id: 'cus_1', subject: 'sub_1', email: created.email, deletedAt: null } },
      });
  });

  it('can have no default payment method before one is saved', () => {
    given()
      .when({ ...created, defaultPaymentMethod: 'pm_card_visa' })
      .thenRefused('payment_method_mismatch', '/default_payment_method');
  });

  it('is changed where it is said, and null unsets', () => {
    const phone = 'sealed:1:customer.phone:sub_1:bb';
    given(created)
      .when(update({ phone, email: null, metadata: { crm: null, vip: 'yes' } }))
      .then({
        type: 'CustomerUpdated',
        data: { customer: { phone, email: null, name: null, metadata: { vip: 'yes' } } },
      });
    given(created)
      .when(update({ metadata: null }))
      .then({ type: 'CustomerUpdated', data: { customer: { metadata: {} } } });
  });

  it('has at most 50 keys of metadata, and one of earlier that has more may only have fewer', () => {
    given({ ...created, metadata: metadataOf(50) })
      .when(update({ metadata: { new: 'v' } }))
      .thenRefused('metadata_limit', '/metadata');
    given({ ...created, metadata: metadataOf(60) })
      .when(update({ metadata: { new: 'v' } }))
      .thenRefused('metadata_limit', '/metadata');
    given({ ...created, metadata: metadataOf(60) })
      .when(update({ metadata: { k0: null } }))
      .then({ type: 'CustomerUpdated' });
  });

  it('that is changed to what it is makes no event', () => {
    given(created)
      .when(update({ email: created.email, metadata: { crm: '1' } }))
      .then();
  });

  it('is deleted with all that they saved, and their personal fields are in no event from then on', () => {
    given(created, attach(), attach('pm_card_mastercard'))
      .when({ type: 'DeleteCustomer', customerId: 'cus_1' })
      .then(
        { type: 'PaymentMethodDetached', data: { paymentMethod: { id: 'pm_1' } } },
        { type: 'PaymentMethodDetached', data: { paymentMethod: { id: 'pm_2' } } },
        {
          type: 'CustomerDeleted',
          data: { customer: { email: null, metadata: {}, defaultPaymentMethod: null } },
        },
      );
  });

  it('that is deleted does not change any more', () => {
    const deleted = given(created, attach(), { type: 'DeleteCustomer', customerId: 'cus_1' });
    deleted.when(update({ name: null })).thenRefused('customer_deleted');
    deleted.when({ type: 'DeleteCustomer', customerId: 'cus_1' }).thenRefused('customer_deleted');
    deleted.when(attach()).thenRefused('customer_deleted');
    deleted
      .when({ type: 'DetachPaymentMethod', paymentMethodId: 'pm_1' })
      .thenRefused('payment_method_detached');
  });

  it('that there is not is refused', () => {
    const nobody = given();
    nobody.when(update({})).thenRefused('customer_not_found');
    nobody.when({ type: 'DeleteCustomer', customerId: 'cus_1' }).thenRefused('customer_not_found');
    nobody.when(attach()).thenRefused('customer_not_found');
    nobody
      .when({ type: 'DetachPaymentMethod', paymentMethodId: 'pm_1' })
      .thenRefused('payment_method_not_found');
  });
});

describe('a saved payment method', () => {
  it('is a new one each time, with the fingerprint of what it was made of', () => {
    given(created, attach())
      .when(attach())
      .then({
        type: 'PaymentMethodAttached',
        data: {
          paymentMethod: {
            id: 'pm_2',
            customer: 'cus_1',
            template: 'pm_card_visa',
            rail: 'simulator',
            card: { fingerprint: 'fp_sim_visa', last4: '4242' },
          },
        },
      });
  });

  it('is made of what there is, in a sandbox', () => {
    given(created).when(attach('pm_none')).thenRefused('unknown_payment_method', '/payment_method');
    given(created)
      .when({ ...attach(), livemode: true } as CustomerCommand)
      .thenRefused('test_method_in_live_mode', '/payment_method');
  });

  it('is one of at most 100', () => {
    const many = Array.from({ length: 100 }, () => attach());
    given(created, ...many)
      .when(attach())
      .thenRefused('too_many_payment_methods');
    given(created, ...many, { type: 'DetachPaymentMethod', paymentMethodId: 'pm_1' })
      .when(attach())
      .then({ type: 'PaymentMethodAttached' });
  });

  it('may be the default of who saved it, until it is detached', () => {
    const two = given(created, { ...created, customerId: 'cus_2', subject: 'sub_2' }, attach());
    two
      .when(update({ defaultPaymentMethod: 'pm_2' }))
      .then({ type: 'CustomerUpdated', data: { customer: { defaultPaymentMethod: 'pm_2' } } });
    two
      .when({ ...update({ defaultPaymentMethod: 'pm_2' }), customerId: 'cus_2' } as CustomerCommand)
      .thenRefused('payment_method_mismatch', '/default_payment_method');
    two
      .when(update({ defaultPaymentMethod: 'pm_card_visa' }))
      .thenRefused('payment_method_mismatch', '/default_payment_method');
    const detach: CustomerCommand = { type: 'DetachPaymentMethod', paymentMethodId: 'pm_2' };
    given(
      created,
      { ...created, customerId: 'cus_2', subject: 'sub_2' },
      attach(),
      update({ defaultPaymentMethod: 'pm_2' }),
    )
      .when(detach)
      .then({ type: 'PaymentMethodDetached', data: { customer: { defaultPaymentMethod: null } } });
    const detached = given(created, attach(), { ...detach, paymentMethodId: 'pm_1' } as CustomerCommand);
    detached
      .when({ ...detach, paymentMethodId: 'pm_1' } as CustomerCommand)
      .thenRefused('payment_method_detached');
    detached
      .when(update({ defaultPaymentMethod: 'pm_1' }))
      .thenRefused('payment_method_detached', '/default_payment_method');
  });
});
