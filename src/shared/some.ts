/** Some of many for a sentence: `a, b, c and 4 more`. */
export function some(all: readonly string[], most = 5): string {
  const shown = all.slice(0, most).join(', ');
  return all.length > most ? `${shown} and ${all.length - most} more` : shown;
}
