/**
 * Texts as they are meant to look, out of text nodes that know their place in the article.
 */

/** @import {Place} from '../types.js' */
/** @import {Child} from './element.js' */
/** @import {Run} from '../rich.js' */
import { plainRuns, rowOf, runsOf, tableOf } from '../rich.js';
import { element, mark } from './element.js';

/**
 * What is marked in a stretch of an article, and the sentence around it.
 * @typedef {{mark: Place | null, context: Place | null}} Marks
 */

/** Where in the article a text node begins, in code points. @type {WeakMap<Node, number>} */
const places = new WeakMap();

/**
 * Where in its article a place within a text node is, in code points; null for other nodes.
 * @param {Node} node
 * @param {number} units
 */
export function placeIn(node, units) {
  const start = places.get(node);
  return start === undefined ? null : start + Array.from((node.textContent ?? '').slice(0, units)).length;
}

/**
 * @param {(start: number, end: number) => string} slice Slices the article by code points.
 * @param {Place} stretch
 * @param {Marks} marks
 * @param {boolean} markdown
 * @returns {Child[]}
 */
export function rich(slice, stretch, marks, markdown) {
  const drawn = drawing(slice, stretch, marks, markdown);
  const rows = tableOf(drawn.text);
  if (!rows) return drawn.part(0, drawn.text.length);
  const [head = [], ...body] = rows.map((cells) => cells.map(({ start, end }) => drawn.part(start, end)));
  return [
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ...head.map((cell) => element('th', { scope: 'col' }, ...cell)))),
      element('tbody', {}, ...body.map((row) => element('tr', {}, ...row.map((cell) => element('td', {}, ...cell))))),
    ),
  ];
}

/**
 * The cells of one row of a table.
 * @param {(start: number, end: number) => string} slice
 * @param {Place} stretch
 * @param {Marks} marks
 * @param {boolean} markdown
 * @param {'th' | 'td'} tag
 */
export function richCells(slice, stretch, marks, markdown, tag) {
  const drawn = drawing(slice, stretch, marks, markdown);
  return rowOf(drawn.text).map(({ start, end }) => element(tag, { dir: 'auto', scope: tag === 'th' ? 'col' : null }, ...drawn.part(start, end)));
}

/**
 * The same on one line of thought: what looks like a table stays as it is.
 * @param {(start: number, end: number) => string} slice
 * @param {Place} stretch
 * @param {Marks} marks
 * @returns {Child[]}
 */
export function richLine(slice, stretch, marks) {
  const drawn = drawing(slice, stretch, marks, true);
  return drawn.part(0, drawn.text.length);
}

/**
 * @param {(start: number, end: number) => string} slice
 * @param {Place} stretch
 * @param {Marks} marks
 * @param {boolean} markdown
 */
function drawing(slice, stretch, marks, markdown) {
  const text = slice(stretch.start, stretch.end);
  const runs = markdown ? runsOf(text) : plainRuns(text);
  const [outer, inner] = [units(marks.context), units(marks.mark)];

  /** @param {Place | null} place */
  function units(place) {
    if (!place || place.end <= stretch.start || stretch.end <= place.start) return null;
    const [start, end] = [Math.max(place.start, stretch.start), Math.min(place.end, stretch.end)];
    return { start: slice(stretch.start, start).length, end: slice(stretch.start, end).length };
  }

  /** @param {number} from @param {number} to @returns {Child[]} */
  function part(from, to) {
    return wrap(from, to, outer, (start, end) => [element('span', { class: 'context' }, ...marked(start, end))], marked);
  }

  /** @param {number} from @param {number} to @returns {Child[]} */
  function marked(from, to) {
    return wrap(from, to, inner, (start, end) => [mark({ tabindex: -1 }, ...styled(start, end))], styled);
  }

  /** @param {number} from @param {number} to @returns {Child[]} */
  function styled(from, to) {
    return runs.flatMap((run) => {
      const [start, end] = [Math.max(run.start, from), Math.min(run.end, to)];
      return start < end ? [shown(run, start, end)] : [];
    });
  }

  /** @param {Run} run @param {number} start @param {number} end @returns {Child} */
  function shown({ kind }, start, end) {
    if (kind === 'hidden') return null;
    if (kind === 'bullet') return element('span', { class: 'bullet' });
    const node = document.createTextNode(text.slice(start, end));
    places.set(node, stretch.start + Array.from(text.slice(0, start)).length);
    return kind ? element(kind, {}, node) : node;
  }

  return { text, part };
}

/**
 * A stretch with what lies in a place of it drawn one way, and the rest the other.
 * @param {number} from
 * @param {number} to
 * @param {{start: number, end: number} | null} place
 * @param {(start: number, end: number) => Child[]} within
 * @param {(start: number, end: number) => Child[]} around
 */
function wrap(from, to, place, within, around) {
  if (from >= to) return [];
  if (!place || place.end <= from || to <= place.start) return around(from, to);
  const [start, end] = [Math.max(from, place.start), Math.min(to, place.end)];
  return [...around(from, start), ...within(start, end), ...around(end, to)];
}
