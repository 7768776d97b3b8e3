/** Characters of a URL: what every proxy and server takes. */
export const urlLengthMax = 2_048;
/** Characters of a host name, and of one label of it (RFC 1035). */
export const hostLengthMax = 253;
export const hostLabelLengthMax = 63;
/** How long a delivery may take, from the look-up of the name to the last byte of the answer. */
export const deliveryMsMax = 20_000;
/** How long a name is looked up when a URL is judged before it is used. */
export const lookUpMsMax = 5_000;
/** Addresses of one name that are tried. */
export const pinnedAddressesMax = 16;
/** Names whose addresses are remembered. */
export const namesRememberedMax = 1_000;
/** Connections to one endpoint. Requests beyond them wait, and the wait counts. */
export const endpointConnectionsMax = 10;
/** Endpoints whose connections are kept; those that were used the longest ago are closed. */
export const endpointsMax = 1_000;
/** How much of an answer is kept, and how much is read so that the connection can be used again. */
export const responseBytesMax = 1_024;
export const responseReadBytesMax = 65_536;
