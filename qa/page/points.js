/**
 * The service counts Unicode code points; JavaScript's strings count UTF-16 units.
 */

const SURROGATES = /[\ud800-\udfff]/;

/**
 * A function that slices a text by code points, end exclusive.
 * @param {string} text
 * @returns {(start: number, end: number) => string}
 */
export function slicer(text) {
  if (!SURROGATES.test(text)) return (start, end) => text.slice(start, end);
  const points = Array.from(text);
  return (start, end) => points.slice(start, end).join('');
}

/** @param {string} text */
export function length(text) {
  return SURROGATES.test(text) ? Array.from(text).length : text.length;
}

/**
 * What stands before, in and after a mark within a stretch of a text; what of the mark lies
 * outside the stretch is left out.
 * @param {(start: number, end: number) => string} slice
 * @param {{start: number, end: number}} stretch
 * @param {{start: number, end: number} | null} mark
 */
export function around(slice, stretch, mark) {
  const { start, end } = stretch;
  if (!mark || mark.end <= start || end <= mark.start) {
    return { before: slice(start, end), marked: '', after: '' };
  }
  const from = Math.max(start, mark.start);
  const to = Math.min(end, mark.end);
  return { before: slice(start, from), marked: slice(from, to), after: slice(to, end) };
}
