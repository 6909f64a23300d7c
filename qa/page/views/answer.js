/**
 * The parts of an answer. They are made once, since an answer never changes.
 */

/** @import {Answer, Alternative, Citation, Passage, Quote, Rival} from '../types.js' */
import { slicer } from '../points.js';
import { languageOf } from '../rich.js';
import { chat, hashOf } from '../route.js';
import { citationsOf } from '../state.js';
import { plural, t } from '../text.js';
import {
  day, grade, kindOf, percent, percentage, placed, placeSpoken, quotesOf, sourceLine, sourcesOf, sureness, titled,
} from '../words.js';
import { element, icon } from './element.js';
import { richLine } from './rich.js';

/** What is less probable is not worth to be read first. */
const LEAST_GUESS = 0.1;

/** @typedef {{conversation: string, turn: string, keys: Map<Citation, string>}} Where */

/**
 * @param {Answer} answer
 * @param {{conversation: string, turn: string}} of
 */
export function answerParts(answer, of) {
  const where = { ...of, keys: citationsOf(answer) };
  const parts = kindOf(answer) === 'help' ? help(answer) : quotesOf(answer).length ? given(answer, where) : withheld(answer, where);
  return [...parts, footnotes(where)];
}

/** @param {Answer} answer */
function help({ reason }) {
  return [element('p', { class: 'help' }, reason ?? '')];
}

/** @param {Answer} answer @param {Where} where */
function given(answer, where) {
  const quotes = quotesOf(answer);
  return [
    ...(answer.disagreement?.length ? disagreement(answer.disagreement, where) : quoted(answer, quotes, where)),
    kindOf(answer) === 'parts' ? null : certainty(answer.confidence),
    others(answer.alternatives, where, t('Also found')),
    passages(answer.passages, where, false),
  ];
}

/** @param {Answer} answer @param {Quote[]} quotes @param {Where} where */
function quoted(answer, quotes, where) {
  const [first] = quotes;
  switch (kindOf(answer)) {
    case 'list':
      return [label(plural(quotes.length, 'One, in the articles’ words:', '{n}, in the articles’ words:')), items('ol', 'items', quotes, where)];
    case 'overview':
      return [label(t('The main points, in the articles’ words:')), items('ul', 'items points', quotes, where)];
    case 'parts':
      return quotes.map((quote) => part(quote, where));
    default:
      return first ? [saysSo(answer, first), quotation(first, where), chips(first.citations, where)] : [];
  }
}

/** @param {string} text */
function label(text) {
  return element('p', { class: 'says' }, text);
}

/** Who says it: a whole sentence is not an answer of ours, and agreement is counted. @param {Answer} answer @param {Quote} quote */
function saysSo(answer, { citations }) {
  const articles = new Set(answer.citations.map(({ article_id: id }) => id)).size;
  const sources = sourcesOf(answer);
  if (sources > 1) return label(plural(sources, 'The article says:', '{n} articles say this:'));
  if (articles > 1) return label(plural(articles, 'The article says:', '{n} articles have these words, from one source:'));
  const [first] = citations;
  return first && isWhole(first) ? label(t('The article says:')) : null;
}

/** Whether a quote is its whole sentence. @param {Citation} citation */
function isWhole({ quote, sentence }) {
  return quote.trim() === sentence.text.trim();
}

/** @param {'ol' | 'ul'} tag @param {string} name @param {Quote[]} quotes @param {Where} where */
function items(tag, name, quotes, where) {
  const each = quotes.map((quote) => element('li', {}, quotation(quote, where), chips(quote.citations, where)));
  return element(tag, { class: name, role: 'list' }, ...each);
}

/** @param {Quote} quote @param {Where} where */
function part(quote, where) {
  const { question, confidence, reason, citations } = quote;
  return element(
    'section',
    { class: 'part' },
    question && element('h3', { dir: 'auto' }, question),
    ...(citations.length
      ? [quotation(quote, where), chips(citations, where), certainty(confidence)]
      : [element('p', { class: 'withheld' }, t('The articles don’t say')), reason ? element('p', { class: 'quiet' }, reason) : null]),
  );
}

/** @param {Rival[]} rivals @param {Where} where */
function disagreement(rivals, where) {
  const each = rivals.map((rival) =>
    element(
      'li',
      {},
      element('p', { class: 'rival-date' }, rival.published ? day(rival.published) : t('without a date')),
      quotation(rival, where),
      chips(rival.citations, where),
    ),
  );
  return [label(t('The articles disagree, the latest first:')), element('ol', { class: 'items rivals', role: 'list' }, ...each)];
}

/**
 * A quote within its sentence.
 * @param {{text: string, citations: Citation[]}} quote
 * @param {Where} where
 */
function quotation({ text, citations }, where) {
  const [first] = citations;
  if (!first) return element('blockquote', { class: 'quote', dir: 'auto' }, text);
  const { start, end, sentence } = first;
  const slice = slicer(sentence.text);
  const inner = { start: start - sentence.start, end: end - sentence.start };
  const mark = isWhole(first) ? null : inner;
  const numbers = citations.map((citation) => footnoteNumber(citation, where)).join(', ');
  return element(
    'blockquote',
    { class: 'quote', dir: 'auto', lang: languageOf(sentence.text) || null, 'data-notes': numbers || null },
    ...richLine(slice, { start: 0, end: sentence.end - sentence.start }, { mark, context: null }),
  );
}

/** @param {Answer} answer @param {Where} where */
function withheld({ reason, alternatives, passages: found }, where) {
  const [first, ...further] = alternatives;
  const near = first !== undefined && first.confidence >= LEAST_GUESS;
  const closest = near ? first : null;
  const rest = near ? further : alternatives;
  const why = whyNot(reason ?? '');
  return [
    element('p', { class: 'withheld' }, t('The articles don’t say')),
    why ? element('p', { class: 'quiet' }, why) : null,
    closest ? guess(closest, where) : null,
    others(rest, where, t('Found, but not sure enough'), near ? 1 : 0),
    passages(found, where, !closest),
  ];
}

/** What the heading says is not said again, nor the closest words, which stand below. @param {string} reason */
function whyNot(reason) {
  const rest = reason
    .replace(/^The articles don['’]t (seem to )?say[.:,]?\s*/i, '')
    .replace(/\s*Closest: [“'"‘].*[”'"’] \([^()]*\)\.?/s, '');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** The best guess, said to be one. @param {Alternative} alternative @param {Where} where */
function guess({ answer, confidence, citations }, where) {
  const [first] = citations;
  return element(
    'section',
    { class: 'guess' },
    element('p', { class: 'says' }, t('The closest words, which may not answer it:')),
    quotation({ text: answer, citations }, where),
    first ? chips(citations, where, 'a0') : null,
    certainty(confidence),
  );
}

/**
 * @param {Citation[]} citations
 * @param {Where} where
 * @param {string} [prefix] Of the places of another reading.
 */
function chips(citations, where, prefix) {
  const each = citations.map((citation, i) => {
    const key = prefix ? `${prefix}-${i}` : (where.keys.get(citation) ?? '');
    return element('li', {}, chip(citation, key, where));
  });
  return element('ul', { class: 'chips', 'aria-label': t('Citations') }, ...each);
}

/** @param {Citation} citation @param {string} key @param {Where} where */
function chip(citation, key, where) {
  const { title, published } = citation;
  const said = [titled(title), placeSpoken(citation), published && day(published)].filter(Boolean).join(', ');
  return element(
    'a',
    { class: 'chip', href: placeOf(where, key), 'data-place': key, title: said },
    icon('file'),
    element('span', { class: 'chip-title', dir: 'auto' }, titled(title)),
    element('span', { class: 'chip-place', 'aria-hidden': 'true' }, placed(citation)),
    element('span', { class: 'unseen' }, placeSpoken(citation)),
    published ? element('span', { class: 'chip-date' }, day(published)) : null,
  );
}

/** @param {number} confidence */
function certainty(confidence) {
  const explanation = t('Of 100 answers given with this figure, about {n} are right. It was measured on questions with known answers.', { n: percentage(confidence) });
  const levels = [1, 2, 3].map(() => element('span', {}));
  return element(
    'details',
    { class: 'more certainty', 'data-grade': grade(confidence) },
    element(
      'summary',
      {},
      element('span', { class: 'levels', 'aria-hidden': 'true' }, ...levels),
      element('span', { class: 'sureness' }, `${sureness(confidence)} · ${percent(confidence)}`),
    ),
    element('p', { class: 'quiet' }, explanation),
  );
}

/** @param {Alternative[]} alternatives @param {Where} where @param {string} title @param {number} [from] */
function others(alternatives, where, title, from = 0) {
  if (!alternatives.length) return null;
  const each = alternatives.map(({ answer, confidence, citations }, i) =>
    element(
      'li',
      {},
      element('p', { class: 'other' }, element('q', { dir: 'auto' }, answer), element('span', { class: 'quiet' }, ` ${sureness(confidence)} · ${percent(confidence)}`)),
      chips(citations, where, `a${i + from}`),
    ),
  );
  const summary = element('summary', {}, title, element('span', { class: 'count' }, String(alternatives.length)));
  return element('details', { class: 'more' }, summary, element('ul', {}, ...each));
}

/**
 * The title of an article stands once above its passages.
 * @param {Passage[]} found
 * @param {Where} where
 * @param {boolean} open
 */
function passages(found, where, open) {
  if (!found.length) return null;
  const each = found.flatMap((passage, i) => {
    const sameAsBefore = found[i - 1]?.article_id === passage.article_id;
    const title = sameAsBefore ? null : element('p', { class: 'passage-title', dir: 'auto' }, titled(passage.title));
    return [element('li', {}, title, passageLink(passage, `p${i}`, where))];
  });
  const summary = element('summary', {}, t('Nearest passages'), element('span', { class: 'count' }, String(found.length)));
  return element('details', { class: 'more', open }, summary, element('ul', { class: 'passages' }, ...each));
}

/** @param {Passage} passage @param {string} key @param {Where} where */
function passageLink(passage, key, where) {
  return element(
    'a',
    { class: 'passage', href: placeOf(where, key), 'data-place': key },
    element('span', { class: 'passage-place' }, placed(passage)),
    element('span', { class: 'passage-text', dir: 'auto' }, passage.text),
  );
}

/** @param {Where} where @param {string} key */
function placeOf({ conversation, turn }, key) {
  return hashOf(chat(conversation, turn, key));
}

/* ---- on paper ---- */

/** @param {Citation} citation @param {Where} where */
function footnoteNumber(citation, { keys }) {
  const key = keys.get(citation);
  return key ? String(Number(key.slice(1)) + 1) : '';
}

/** @param {Where} where */
function footnotes({ keys }) {
  if (!keys.size) return null;
  const each = [...keys.keys()].map((citation) => element('li', {}, sourceLine(citation).replace(/^— /, '')));
  return element('ol', { class: 'footnotes' }, ...each);
}
