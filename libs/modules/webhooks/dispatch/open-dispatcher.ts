import { dnsResolver, OutboundClient, OutboundGuard, rememberNames } from '@fintech-ledger/outbound';
import { Dispatcher } from './dispatcher';
import type { DispatcherOptions } from './dispatcher';

/** A dispatcher that sends over the network, to where the operator's ranges let it. */
export function openDispatcher({
  allowedCidrs,
  ...options
}: Omit<DispatcherOptions, 'client'> & { readonly allowedCidrs: readonly string[] }): Dispatcher {
  const guard = new OutboundGuard(allowedCidrs, rememberNames(dnsResolver()));
  return new Dispatcher({ ...options, client: new OutboundClient(guard) });
}
