// Bars of answers and failures over time, as SVG.

const PANEL = { width: 760, height: 150, left: 60, top: 34, gap: 60 };

/** How many seconds are named at most. */
const LABELS = 20;

/**
 * @typedef {object} Panel
 * @property {string} title
 * @property {number} from seconds at the left edge; 0 is the moment of the change
 * @property {readonly { answered: number, failed: number }[]} tenths
 * @property {readonly { at: number, text: string }[]} marks in seconds
 */

/**
 * Panels one below the other, with the same scales.
 * @param {string} unit what the vertical axis counts
 * @param {readonly Panel[]} panels
 * @returns {string} SVG
 */
export function plot(unit, panels) {
  const top = 10 * Math.ceil(Math.max(...panels.flatMap(({ tenths }) => tenths.map(total))) / 10);
  const step = PANEL.top + PANEL.height + PANEL.gap;
  const height = panels.length * step;
  const width = PANEL.left + PANEL.width + 20;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...panels.flatMap((panel, index) => [
      `<g transform="translate(${PANEL.left} ${index * step + PANEL.top})">`,
      ...drawPanel(panel, top, unit),
      '</g>',
    ]),
    '</svg>\n',
  ].join('\n');
}

function total({ answered, failed }) {
  return answered + failed;
}

function drawPanel({ title, from, tenths, marks }, top, unit) {
  const x = (seconds) => round(((seconds - from) * 10 * PANEL.width) / tenths.length);
  const y = (count) => round(PANEL.height - (count * PANEL.height) / top);
  const to = from + tenths.length / 10;
  // As many as there is room for.
  const every = Math.ceil((to - from) / LABELS);
  const seconds = Array.from(
    { length: Math.floor(to) - Math.ceil(from) + 1 },
    (_, i) => Math.ceil(from) + i,
  ).filter((second) => second % every === 0);
  return [
    text(0, -18, title, 'start', ' font-weight="bold"'),
    bars(tenths, x, y, from, (tenth) => [0, tenth.answered], '#2a78b5'),
    bars(tenths, x, y, from, (tenth) => [tenth.answered, total(tenth)], '#d03b2b'),
    `<path d="M0 0V${PANEL.height}H${PANEL.width}" fill="none" stroke="#444"/>`,
    ...[0, top / 2, top].map((count) => text(-6, y(count) + 4, count, 'end')),
    `<text transform="translate(-40 ${PANEL.height / 2}) rotate(-90)" text-anchor="middle">${unit}</text>`,
    ...seconds.map((second) => text(x(second), PANEL.height + 16, `${second} s`)),
    ...marks.map(
      ({ at, text: label }) =>
        `<path d="M${x(at)} -4V${PANEL.height}" stroke="#111" stroke-dasharray="3 3"/>\n${text(x(at) + 4, -4, label, 'start')}`,
    ),
  ];
}

/** All bars of a colour as one path. */
function bars(tenths, x, y, from, extent, colour) {
  const rectangles = tenths.map((tenth, index) => {
    const [low, high] = extent(tenth);
    if (high === low) return '';
    const left = x(from + index / 10);
    const right = x(from + (index + 1) / 10);
    return `M${left} ${y(low)}V${y(high)}H${right}V${y(low)}Z`;
  });
  return `<path d="${rectangles.join('')}" fill="${colour}"/>`;
}

function text(x, y, content, anchor = 'middle', more = '') {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}"${more}>${content}</text>`;
}

function round(value) {
  return Math.round(10 * value) / 10;
}
