import { refusal } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { metadataLimit } from '@fintech-ledger/ledger/domain';
import {
  paymentMethodDetached,
  paymentMethodMismatch,
  testMethodInLiveMode,
  unknownPaymentMethod,
} from '@fintech-ledger/payments/domain';
import type { CustomerCommand } from './commands';
import { paymentMethodsMax } from './limits';

export const customerNotFound = refusal(
  'customer_not_found',
  'not_found',
  'There is no such customer, or they are of another environment.',
);
export const customerDeleted = refusal(
  'customer_deleted',
  'conflict',
  'The customer is deleted: nothing of them changes any more.',
);
export const paymentMethodNotFound = refusal(
  'payment_method_not_found',
  'not_found',
  'There is no such saved payment method, or it is of another environment.',
);
export const tooManyPaymentMethods = refusal(
  'too_many_payment_methods',
  'rule',
  `A customer has at most ${paymentMethodsMax} saved payment methods.`,
);

/** What each command may be refused with, in the order of precedence; `decideCustomers` compiles with nothing else. */
export const customerCommandRefusals = {
  CreateCustomer: [paymentMethodMismatch],
  UpdateCustomer: [
    customerNotFound,
    customerDeleted,
    paymentMethodMismatch,
    paymentMethodDetached,
    metadataLimit,
  ],
  DeleteCustomer: [customerNotFound, customerDeleted],
  AttachPaymentMethod: [
    customerNotFound,
    customerDeleted,
    unknownPaymentMethod,
    testMethodInLiveMode,
    tooManyPaymentMethods,
  ],
  DetachPaymentMethod: [paymentMethodNotFound, paymentMethodDetached],
} as const satisfies Record<CustomerCommand['type'], readonly DeclaredRefusal[]>;

/** Every refusal that is declared here. */
export const customerRefusals = [
  customerNotFound,
  customerDeleted,
  paymentMethodNotFound,
  tooManyPaymentMethods,
];
