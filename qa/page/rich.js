/**
 * How a text is meant to look: Markdown's marks and the bars of tables are told from the words,
 * and no word moves. Places are UTF-16 units within the text that was given.
 */

/**
 * A stretch that is shown in its own way; `hidden` ones are marks and not shown at all.
 * @typedef {{start: number, end: number, kind: '' | 'code' | 'strong' | 'em' | 'bullet' | 'hidden'}} Run
 */

/** @typedef {{start: number, end: number}} Stretch */

const MARKS = /^#{1,6} \S|(?<!\*)\*\*[^\s*][^*\n]{0,500}\*\*|^\|[^\n]+\|[ \t]*$|(?<!`)`[^`\n]{1,300}`/m;

/** A line of a table: bars between words, or around all of it. */
const ROW = /\S\s{0,99}\|\s{0,99}\S|^\|.*\|$/;

/**
 * What stands between marks: code, strong or emphasised words, a link's words. Each is bounded, so
 * that a text that is all marks costs little.
 */
const INLINE = /(?<!`)(`{1,3})([^`\n](?:[^\n]{0,300}?[^`\n])?)\1(?!`)|(?<!\*)(\*\*|__)(?=\S)([^\n*]{1,500}?(?<=\S))\3|(?<![\w*])([*_])(?=[^\s*_])([^\n*_]{0,300}[^\s*_])\5(?![\w*])|!?(?<!\[)(\[)([^[\]\n]{1,300})(\]\([^()\s]{0,500}\))|^([ \t]{0,12}[-*+] )|^([ \t]{0,3}#{1,6}[ \t]{1,9})|([ \t]#{1,9}[ \t]{0,9})$/gm;

/**
 * Whether a text is written in Markdown.
 * @param {{source: string | null, text: string}} article
 */
export function isMarkdown({ source, text }) {
  return /\.(md|markdown)$/i.test(source ?? '') || MARKS.test(text);
}

/**
 * The runs of a text in order, all of it covered.
 * @param {string} text
 * @returns {Run[]}
 */
export function runsOf(text) {
  /** @type {Run[]} */
  const runs = [];
  let at = 0;
  /** @param {Run['kind']} kind @param {number} length */
  const add = (kind, length) => {
    if (length) runs.push({ start: at, end: at + length, kind });
    at += length;
  };
  for (const found of text.matchAll(INLINE)) {
    const [all, ticks, code, stars, strong, star, em, open, words, close, bullet, hash, hashes] = found;
    add('', found.index - at);
    if (ticks && code) wrapped('code', ticks, code, ticks);
    else if (stars && strong) wrapped('strong', stars, strong, stars);
    else if (star && em) wrapped('em', star, em, star);
    else if (open && words && close) wrapped('', all.startsWith('!') ? '![' : open, words, close);
    else if (bullet) add('bullet', bullet.length);
    else add('hidden', (hash ?? hashes ?? '').length);
  }
  add('', text.length - at);
  return runs;

  /** @param {Run['kind']} kind @param {string} before @param {string} inner @param {string} after */
  function wrapped(kind, before, inner, after) {
    add('hidden', before.length);
    add(kind, inner.length);
    add('hidden', after.length);
  }
}

/** @param {string} text @returns {Run[]} */
export function plainRuns(text) {
  return text ? [{ start: 0, end: text.length, kind: '' }] : [];
}

/**
 * The cells of a table's rows, or null when a text is no table. The first row is its head.
 * @param {string} text
 * @returns {Stretch[][] | null}
 */
export function tableOf(text) {
  const lines = linesOf(text);
  const bars = lines.every(({ start, end }) => ROW.test(text.slice(start, end).trim()));
  if (!bars || (lines.length < 2 && !/^\|.*\|$/.test(text.trim()))) return null;
  return lines.filter(({ start, end }) => !/^[\s|:-]+$/.test(text.slice(start, end))).map((line) => cellsOf(text, line));
}

/** The cells of a text that is one row. @param {string} text @returns {Stretch[]} */
export function rowOf(text) {
  return cellsOf(text, { start: 0, end: text.length });
}

/** How many cells a text has that is one row of a table; else 0, as for a sentence. @param {string} text */
export function cellCount(text) {
  if (/[.!?;:]\s*$/.test(text.slice(-9))) return 0;
  if (text.length > 2000 || /\n/.test(text.trim()) || !/\S\s+\|\s|^\s*\|/.test(text)) return 0;
  return rowOf(text).length;
}

/** @param {string} text @returns {Stretch[]} */
function linesOf(text) {
  return [...text.matchAll(/[^\n]*\S[^\n]*/g)].map(({ index, 0: line }) => ({ start: index, end: index + line.length }));
}

/** @param {string} text @param {Stretch} line @returns {Stretch[]} */
function cellsOf(text, { start, end }) {
  const line = text.slice(start, end);
  const bars = [...line.matchAll(/(?<!\\)\|/g)].map(({ index }) => index);
  const edges = [-1, ...bars, line.length];
  const cells = edges.slice(1).map((to, i) => trimmed(text, start + /** @type {number} */ (edges[i]) + 1, start + to));
  if (/^\s*\|/.test(line)) cells.shift();
  if (/\|\s*$/.test(line)) cells.pop();
  return cells;
}

/** @param {string} text @param {number} start @param {number} end @returns {Stretch} */
function trimmed(text, start, end) {
  while (start < end && /\s/.test(text.charAt(start))) start += 1;
  while (end > start && /\s/.test(text.charAt(end - 1))) end -= 1;
  return { start, end };
}

/** Words that are common in one language and rare in the others. */
const COMMON = {
  en: 'the of and to in is was that for with',
  de: 'der die und das ist nicht von mit den ein',
  fr: 'le la les des est une dans pour que et',
  es: 'el los las del que una por con es para',
  it: 'il che della di una per sono nel non gli',
  nl: 'het een van en dat niet zijn voor met de',
};
const WORDS = Object.entries(COMMON).map(([language, words]) => ({ language, words: new Set(words.split(' ')) }));

/**
 * The language of a text, for those who hear it read; '' when it cannot be told.
 * @param {string} text
 */
export function languageOf(text) {
  const words = text.slice(0, 2000).toLowerCase().match(/\p{L}+/gu) ?? [];
  const counts = WORDS.map(({ language, words: common }) => ({ language, count: words.filter((word) => common.has(word)).length }));
  counts.sort((a, b) => b.count - a.count);
  const [first, second] = counts;
  return first && second && first.count >= 2 && first.count > second.count ? first.language : '';
}
