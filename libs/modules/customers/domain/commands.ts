import type { PersonalFacts } from './facts';

/* What is asked of customers. Personal fields are sealed already: no writer ever sees what they say. */

export interface CreateCustomer extends PersonalFacts {
  readonly type: 'CreateCustomer';
  readonly customerId: string;
  readonly defaultPaymentMethod: string | null;
  readonly description: string | null;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly subject: string;
}
/** What is absent stays; null unsets. */
export interface UpdateCustomer extends Partial<PersonalFacts> {
  readonly type: 'UpdateCustomer';
  readonly customerId: string;
  readonly defaultPaymentMethod?: string | null;
  readonly description?: string | null;
  /** Null: all of it goes; null for a key: that one. */
  readonly metadata?: Readonly<Record<string, string | null>> | null;
}
export interface DeleteCustomer {
  readonly type: 'DeleteCustomer';
  readonly customerId: string;
}
export interface AttachPaymentMethod {
  readonly type: 'AttachPaymentMethod';
  readonly customerId: string;
  readonly livemode: boolean;
  /** What the new one is made of. */
  readonly template: string;
}
export interface DetachPaymentMethod {
  readonly type: 'DetachPaymentMethod';
  readonly paymentMethodId: string;
}
export type CustomerCommand =
  CreateCustomer | UpdateCustomer | DeleteCustomer | AttachPaymentMethod | DetachPaymentMethod;
