/** What imports book with: see `BooksDeps`. */
export const booksDepsPort = Symbol('BooksDeps');
