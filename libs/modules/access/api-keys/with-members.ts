/** The JSON text of an object with more members at its end. */
export function withMembers(answer: string, members: object): string {
  return `${answer.slice(0, -1)},${JSON.stringify(members).slice(1)}`;
}
