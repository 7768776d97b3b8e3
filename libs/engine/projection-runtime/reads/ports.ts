/** Names under which the outside world is provided to the handlers. */
export const commandGatewayPort = Symbol('CommandGateway');
export const acknowledgedPort = Symbol('Acknowledged');
export const ledgerQueriesPort = Symbol('LedgerQueries');
export const organizationQueriesPort = Symbol('OrganizationQueries');
export const projectionQueriesPort = Symbol('ProjectionQueries');
export const eventStorePort = Symbol('EventStore');
export const apiKeyPepperPort = Symbol('ApiKeyPepper');
