/**
 * How things are said.
 */

/** @import {Answer, Refused, Taken} from './types.js' */

/**
 * A calibrated probability in words.
 * @param {number} confidence
 */
export function sureness(confidence) {
  if (confidence >= 0.9) return 'Very likely right';
  if (confidence >= 0.7) return 'Likely right';
  if (confidence >= 0.5) return 'More likely right than not';
  return 'Uncertain';
}

/**
 * Whole percent, never 0 or 100: nothing is certain.
 * @param {number} confidence
 */
export function percent(confidence) {
  return `${Math.min(99, Math.max(1, Math.round(confidence * 100)))} %`;
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export function counted(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

/**
 * An ISO 8601 date as people write it; anything else as it is.
 * @param {string} published
 */
export function day(published) {
  const date = new Date(published);
  if (!/^\d{4}-\d\d-\d\d/.test(published) || Number.isNaN(date.getTime())) return published;
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(date);
}

/**
 * The address of a source that is a web page, or nothing.
 * @param {string | null} source
 */
export function webAddress(source) {
  return source && /^https?:\/\//i.test(source) ? source : null;
}

/**
 * A paragraph's number, and its page if it has one, which stay together in a line.
 * @param {{paragraph: number, page?: number | null}} of
 */
export function placed({ paragraph, page }) {
  const number = `¶\u00a0${paragraph}`;
  return page ? `${number} · p.\u00a0${page}` : number;
}

/**
 * The same as people say it.
 * @param {{paragraph: number, page?: number | null}} of
 */
export function placeSpoken({ paragraph, page }) {
  const number = `paragraph ${paragraph}`;
  return page ? `${number}, page ${page}` : number;
}

/** @param {string | undefined | null} title */
export function titled(title) {
  return title?.trim() || 'Untitled article';
}

/**
 * The parts of a list, with "and" before the last.
 * @param {string[]} parts
 */
export function listed(parts) {
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(parts);
}

/** Refusals that are told one by one. */
const TOLD = 5;

/**
 * What became of the articles of one file or page.
 * @param {Taken[]} taken
 * @param {Refused[]} refused
 */
export function tally(taken, refused) {
  const [only] = taken;
  if (only && taken.length === 1 && !refused.length) return only.status;
  const counts = new Map([...new Set(taken.map(({ status }) => status))].map((status) => [status, 0]));
  for (const { status } of taken) counts.set(status, (counts.get(status) ?? 0) + 1);
  const parts = [...counts].map(([status, count]) => `${counted(count, 'article')} ${status}`);
  if (refused.length) parts.push(`${refused.length} refused`);
  const reasons = refused.slice(0, TOLD).map(({ name, reason }) => `${name}: ${reason}`);
  if (refused.length > TOLD) reasons.push(`and ${refused.length - TOLD} more`);
  return [listed(parts), ...reasons].join('\n');
}

/**
 * What a screen reader says when an answer has come.
 * @param {Answer} answer
 */
export function spoken(answer) {
  const [first] = answer.citations;
  if (!answer.answered || !first) return `No answer. ${answer.reason ?? ''}`;
  const where = `From ${titled(first.title)}, ${placeSpoken(first)}`;
  const more = answer.citations.length - 1;
  const others = more > 0 ? ` and ${counted(more, 'other place')}` : '';
  const sure = `${sureness(answer.confidence)}, ${percent(answer.confidence)}`;
  return `Answer: ${answer.answer}. ${where}${others}. ${sure}.`;
}

/**
 * An answer as it is copied: its sentence, and where each of its citations stands.
 * @param {Answer} answer
 */
export function quotation(answer) {
  const sources = answer.citations.map((citation) => {
    const date = citation.published ? ` (${day(citation.published)})` : '';
    const source = citation.url ?? citation.source;
    const place = `— ${titled(citation.title)}, ${placed(citation)}${date}`;
    return source ? `${place}, ${source}` : place;
  });
  const [first] = answer.citations;
  const sentence = first ? first.sentence.text.trim() : '';
  const exactly = first && first.quote !== first.sentence.text ? `${first.quote}\n\n` : '';
  return `${exactly}“${sentence}”\n${sources.join('\n')}`;
}
