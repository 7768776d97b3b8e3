/** The name of a type of public events, the beginning of several and `*`, or `*`; a regular expression's source. */
export const typesPattern = '(?:\\*|[a-z_]{1,40}(?:\\.[a-z_]{1,40}){0,3}(?:\\.\\*)?)';
