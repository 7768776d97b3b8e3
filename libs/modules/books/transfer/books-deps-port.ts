/** What imports book with: see `BooksDeps`. */
export const booksDepsPort = Symbol('BooksDeps');
/** Where imports put the files that they read twice: see `SpoolOptions`. */
export const importSpoolPort = Symbol('ImportSpool');
