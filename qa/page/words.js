/**
 * How things are said.
 */

/** @import {Answer, Citation, Intake, Problem, Quote, Scope} from './types.js' */
import { locale, plural, t } from './text.js';

/**
 * A calibrated probability as whole percent, never 0 or 100: nothing is certain.
 * @param {number} confidence
 */
export function percentage(confidence) {
  return Math.min(99, Math.max(1, Math.round(confidence * 100)));
}

/** @param {number} confidence */
export function percent(confidence) {
  return `${percentage(confidence)}\u00a0%`;
}

/**
 * How sure an answer is, in three grades; one figure is always the same grade.
 * @param {number} confidence
 * @returns {'likely' | 'possible' | 'unlikely'}
 */
export function grade(confidence) {
  const figure = percentage(confidence);
  if (figure >= 80) return 'likely';
  return figure >= 50 ? 'possible' : 'unlikely';
}

/** @param {number} confidence */
export function sureness(confidence) {
  return { likely: t('Likely right'), possible: t('Possibly right'), unlikely: t('Uncertain') }[grade(confidence)];
}

/**
 * An ISO 8601 date as people write it; anything else as it is.
 * @param {string} published
 */
export function day(published) {
  const date = new Date(published);
  if (!/^\d{4}-\d\d-\d\d/.test(published) || Number.isNaN(date.getTime())) return published;
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeZone: 'UTC' }).format(date);
}

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 50) return t('less than a minute');
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return plural(Math.max(1, minutes), 'about a minute', 'about {n} minutes');
  return plural(Math.round(minutes / 60), 'about an hour', 'about {n} hours');
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
  return page ? `${number} · ${t('p.')}\u00a0${page}` : number;
}

/**
 * The same as people say it.
 * @param {{paragraph: number, page?: number | null}} of
 */
export function placeSpoken({ paragraph, page }) {
  if (page) return t('paragraph {paragraph}, page {page}', { paragraph, page });
  return t('paragraph {paragraph}', { paragraph });
}

/**
 * A title as it is shown. One that was cut out of a text ends where its sense does, if it can.
 * @param {string | undefined | null} title
 */
export function titled(title) {
  const given = title?.trim();
  if (!given) return t('Untitled article');
  if (!given.endsWith('…')) return given;
  const clause = /^(.{24,}?)(?:[,;:–—]| (?:for|to|after|before|while|because|which|who|that|when|where|and|but|by|with|as|from|during|amid|following)) /.exec(given);
  return clause?.[1] ?? given;
}

/**
 * The parts of a list, with "and" before the last.
 * @param {string[]} parts
 */
export function listed(parts) {
  return new Intl.ListFormat(locale(), { type: 'conjunction' }).format(parts);
}

/* ---- what is taken in ---- */

/**
 * What became of all files and texts that were added.
 * @param {{added: number, replaced: number, unchanged: number, refused: number}} counts
 */
export function tally({ added, replaced, unchanged, refused }) {
  const parts = [];
  if (added) parts.push(plural(added, '1 added', '{n} added'));
  if (replaced) parts.push(plural(replaced, '1 replaced', '{n} replaced'));
  if (unchanged) parts.push(plural(unchanged, '1 was there already', '{n} were there already'));
  if (refused) parts.push(plural(refused, '1 not added', '{n} not added'));
  return parts.length ? listed(parts) : t('Nothing was added');
}

/**
 * How far it is.
 * @param {Intake[]} intakes
 * @param {number | null} seconds What it will take yet; null when that is not known.
 */
export function progressOf(intakes, seconds) {
  const n = intakes.filter(({ status }) => status === 'done' || status === 'refused').length;
  const of = intakes.length;
  if (of === 1) return t('Adding articles…');
  const counts = t('Adding articles… {n} of {of}', { n, of });
  return seconds === null ? counts : `${counts} · ${t('{time} left', { time: duration(seconds) })}`;
}

/* ---- what goes wrong ---- */

const SERVICE_S_OWN = /PULLQUOTE_|\/v1\/|\bpullquote [a-z]|curl |Authorization:|\/docs\b|--\w/;

/**
 * The service's refusal as a person needs it: without its settings, routes and commands, which
 * are for those who run it or program against it.
 * @param {Problem} problem
 */
export function plainly({ kind, status, detail, seconds }) {
  switch (kind) {
    case 'article-not-found':
      return t('This article is no longer in the library.');
    case 'overloaded':
    case 'library-locked':
      return t('The service is busy adding articles or answering others. Try again in a moment.');
    case 'not-ready':
      return t('The service is starting. Try again in a moment.');
    case 'too-many-requests':
      return t('That was a lot in a short time. Try again in {n} seconds.', { n: seconds || 60 });
    case 'key-needed':
      return t('This needs an API key of the service. Whoever runs it can give you one.');
    case 'key-unknown':
      return t('The service does not know this API key, or no longer takes it.');
    case 'key-scope':
      return t('This API key is not for adding or removing articles.');
    case 'too-large':
      return t('This is larger than the service takes: add it in smaller parts.');
    case 'too-slow':
      return t('Sending took too long. Try again on a better connection.');
    case 'internal':
      return t('Something went wrong in the service. Try again; if it stays so, tell whoever runs it.');
  }
  return withoutSettings(detail) || t('The service cannot do this (status {status}).', { status });
}

/** @param {string} detail */
function withoutSettings(detail) {
  const kept = detail
    .replace(/\s*\([^()]*(?:PULLQUOTE_|pullquote )[^()]*\)/g, '')
    .split(/(?<=[:;,.])\s+|\s+(?=or set )/)
    .filter((part) => !SERVICE_S_OWN.test(part))
    .join(' ')
    .replace(/[\s,;:]+(?:or|and)?[\s,;:]*$/, '');
  return kept && kept.charAt(0).toUpperCase() + kept.slice(1);
}

/* ---- answers ---- */

/**
 * The answer's quotes; one without the field has one, or none.
 * @param {Answer} answer
 * @returns {Quote[]}
 */
export function quotesOf(answer) {
  if (answer.quotes?.length) return answer.quotes;
  if (!answer.answered) return [];
  const { answer: text, confidence, citations } = answer;
  return [{ text, question: null, confidence, citations }];
}

/** @param {Answer} answer */
export function kindOf(answer) {
  return answer.kind ?? (answer.answered ? 'quote' : 'none');
}

/**
 * How many independent articles say the same.
 * @param {Answer} answer
 */
export function sourcesOf({ sources, citations }) {
  return sources ?? new Set(citations.map(({ article_id: id }) => id)).size;
}

/**
 * What a screen reader says when an answer has come.
 * @param {Answer} answer
 */
export function spoken(answer) {
  const [first] = answer.citations;
  if (kindOf(answer) === 'help') return answer.reason ?? '';
  if (!answer.answered || !first) return `${t('The articles don’t say.')} ${answer.reason ?? ''}`;
  const where = t('From {title}, {place}', { title: titled(first.title), place: placeSpoken(first) });
  const more = answer.citations.length - 1;
  const others = more > 0 ? ` ${plural(more, 'and one other place', 'and {n} other places')}` : '';
  const sure = `${sureness(answer.confidence)}, ${percent(answer.confidence)}`;
  return `${t('Answer: {answer}.', { answer: answer.answer })} ${where}${others}. ${sure}.`;
}

/**
 * An answer as it is copied: its sentences, and where each of its citations stands.
 * @param {Answer} answer
 */
export function quotation(answer) {
  return quotesOf(answer)
    .flatMap(({ question, citations }) => {
      const [first] = citations;
      if (!first) return [];
      const asked = question ? `${question}\n` : '';
      return [`${asked}“${first.sentence.text.trim()}”\n${citations.map(sourceLine).join('\n')}`];
    })
    .join('\n\n');
}

/** @param {Citation} citation */
export function sourceLine(citation) {
  const date = citation.published ? ` (${day(citation.published)})` : '';
  const source = citation.url ?? citation.source;
  const place = `— ${titled(citation.title)}, ${placed(citation)}${date}`;
  return source ? `${place}, ${source}` : place;
}

/**
 * What is asked, when it is not the whole library.
 * @param {Scope} scope
 */
export function scopeSaid({ articles, tags, from, to }) {
  const parts = [...articles.map(({ title }) => `“${titled(title)}”`), ...tags.map((tag) => `#${tag}`)];
  const dates = datesSaid(from, to);
  return listed(dates ? [...parts, dates] : parts);
}

/** @param {string} from @param {string} to */
export function datesSaid(from, to) {
  if (from && to) return t('{from} to {to}', { from: day(from), to: day(to) });
  if (from) return t('from {from}', { from: day(from) });
  return to ? t('until {to}', { to: day(to) }) : '';
}
