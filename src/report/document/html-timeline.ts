import type { Bar, Lane } from './blocks.js';
import { seconds } from '../figures.js';
import { visible } from './visible.js';

/** The same time axis for all lanes, in shares of the page's width. */
export function timeline(lanes: readonly Lane[]): string {
  const end = Math.max(...lanes.flatMap(({ bars }) => bars.map((bar) => bar.start + bar.seconds)), 0.001);
  const share = (time: number): string => `${((100 * time) / end).toFixed(2)}%`;
  const row = (bar: Bar): string =>
    `<div class="step"><span>${shown(bar.name)}</span><span class="track"><i class="${bar.result}" style="margin-left:${share(bar.start)};width:${share(bar.seconds)}"></i></span><span class="time">${seconds(bar.seconds)}</span></div>`;
  const parts = lanes.map(({ name, bars }) => `<p class="lane">${shown(name)}</p>${bars.map(row).join('')}`);
  return `<div class="timeline">${parts.join('')}</div>`;
}

function shown(name: string): string {
  return visible(name).replace(/[&<>"'`]/g, (char) => `&#${char.codePointAt(0)};`);
}
