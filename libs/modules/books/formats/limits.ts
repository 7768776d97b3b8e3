/** Commands of one import that are on their way to the writer at once. */
export const commandsInFlightMax = 256;
/** Problems that a summary lists; the others are only counted. */
export const problemsListedMax = 100;
/** Different units in one file. */
export const unitsMax = 1_000;
/** The longest line of an NDJSON file and the longest CSV record, in characters: 1,000 entries fit. */
export const recordCharactersMax = 2 * 1024 * 1024;
/** Postings of transactions whose lines do not stand together that are held until they are complete. */
export const scatteredPostingsMax = 500_000;
/** Accounts whose address an import remembers. */
export const accountsRememberedMax = 200_000;
/** Events read from the store at once by an export. */
export const exportBatchEvents = 500;
/** Milliseconds between two progress reports. */
export const progressIntervalMs = 500;
/** Decimals that an import gives a unit which it declares, where its amounts don't need more: its later files may. */
export const newUnitDecimals = 8;
/** Digits that the largest amount of such a unit may have in minor units; below the ledger's limit, so that there is room for others. */
export const newUnitDigitsMax = 32;
/** What a file calls a transaction, a ledger or a key: characters. */
export const sourceIdLengthMax = 255;
/** A time of RFC 3339, with any fraction of a second that there is a use for. */
export const timeLengthMax = 64;
/** The signature of a proof bundle, in base64. */
export const signatureLengthMax = 1_024;
/** A unit as a CSV file writes it, characters. */
export const unitTextLengthMax = 100;
