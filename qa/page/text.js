/**
 * What the page itself says, in the language that was chosen. The English text is the key to its
 * translation; every text of the interface goes through `t`.
 */

/** @typedef {keyof typeof import('./later/german.js').GERMAN} Text */
/** @typedef {'en' | 'de'} Language */

/** @type {Partial<Record<string, string>>} */
let table = {};

/** @type {Language} */
let chosen = 'en';

/** @param {Language} language */
export async function speak(language) {
  chosen = language;
  table = language === 'de' ? (await import('./later/german.js')).GERMAN : {};
}

/** @returns {Language} */
export function language() {
  return chosen;
}

/** For dates, numbers and lists. */
export function locale() {
  return chosen === 'de' ? 'de-DE' : 'en-GB';
}

/**
 * A text with its gaps filled: `{name}` is where the value of that name goes.
 * @param {Text} text
 * @param {Readonly<Record<string, string | number>>} [values]
 */
export function t(text, values = {}) {
  return gaps(text).map((part, i) => (i % 2 ? String(values[part] ?? '') : part)).join('');
}

/**
 * The same with values that may be elements.
 * @param {Text} text
 * @param {Readonly<Record<string, string | Node>>} values
 * @returns {(string | Node)[]}
 */
export function phrase(text, values) {
  return gaps(text).map((part, i) => (i % 2 ? (values[part] ?? '') : part));
}

/** Texts and, between them, the names of gaps. @param {Text} text */
function gaps(text) {
  return (table[text] ?? text).split(/\{(\w+)\}/);
}

/**
 * @param {number} count
 * @param {Text} one
 * @param {Text} many With `{n}` where the count goes.
 */
export function plural(count, one, many) {
  return t(count === 1 ? one : many, { n: new Intl.NumberFormat(locale()).format(count) });
}
