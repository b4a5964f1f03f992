/**
 * The names most like `wanted`, by the number of edits between them; at most `count`. Who writes a version means one, if there are
 * any.
 */
export function nearestNames(wanted: string, names: readonly string[], count = 3): string[] {
  const versions = /\d/.test(wanted) ? names.filter((name) => /\d/.test(name)) : [];
  return (versions.length > 0 ? versions : names)
    .map((name) => ({ name, edits: editDistance(wanted, name) }))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, count)
    .map(({ name }) => name);
}

/** Levenshtein distance: insertions, deletions and replacements of single characters. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, at(previous, j) + 1, at(row, j - 1) + 1));
    }
    previous = row;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
