/** A sentence without its full stop, to go into another one. */
export function unended(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
