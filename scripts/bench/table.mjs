/** A Markdown table. @param {readonly (readonly (string | number)[])[]} rows the first is the head */
export function table([head, ...rows]) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const seconds = (value) => `${value.toFixed(1)} s`;
export const ratio = (value) => value.toFixed(2);
export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
