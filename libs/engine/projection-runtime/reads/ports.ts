/** Names under which the outside world is provided to the handlers. */
export const commandGatewayPort = Symbol('CommandGateway');
export const trialsPort = Symbol('BeginTrials');
export const acknowledgedPort = Symbol('Acknowledged');
export const eventStorePort = Symbol('EventStore');
