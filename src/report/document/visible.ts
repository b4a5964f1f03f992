/** White space, control characters, and those that change the direction in which what follows is shown. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const INVISIBLE = /[\s\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g;

/** Text from outside on one line: what cannot be seen, or turns the line around, is one space. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, ' ').trim();
}
