/**
 * The parts of an answer. They are made once, since an answer never changes.
 */

/** @import {Answer, Alternative, Citation, Passage} from '../types.js' */
import { around, slicer } from '../points.js';
import { chat, hashOf } from '../route.js';
import { counted, day, percent, placed, placeSpoken, sureness, titled } from '../words.js';
import { element, icon } from './element.js';

/** @typedef {{conversation: string, turn: string}} Where */

/**
 * @param {Answer} answer
 * @param {Where} where
 */
export function answerParts(answer, where) {
  return answer.answered ? given(answer, where) : withheld(answer, where);
}

/** @param {Answer} answer @param {Where} where */
function given(answer, where) {
  const [first] = answer.citations;
  const articles = new Set(answer.citations.map(({ article_id: id }) => id)).size;
  return [
    first ? element('blockquote', { class: 'quote' }, ...sentence(first)) : null,
    articles > 1 && element('p', { class: 'agreement' }, `${counted(articles, 'article')} say this:`),
    chips(answer.citations, 'c', where),
    certainty(answer.confidence),
    others(answer.alternatives, where, 'Also found'),
    passages(answer.passages, where, false),
  ];
}

/** @param {Answer} answer @param {Where} where */
function withheld(answer, where) {
  return [
    element('p', { class: 'withheld' }, 'No answer in the articles'),
    element('p', { class: 'quiet' }, answer.reason ?? ''),
    others(answer.alternatives, where, 'Found, but not sure enough'),
    passages(answer.passages, where, true),
  ];
}

/** @param {Citation} citation */
function sentence({ sentence: whole, start, end }) {
  const inner = { start: start - whole.start, end: end - whole.start };
  const all = { start: 0, end: whole.end - whole.start };
  const { before, marked, after } = around(slicer(whole.text), all, inner);
  return [before, element('mark', {}, marked), after];
}

/**
 * @param {Citation[]} citations
 * @param {string} prefix
 * @param {Where} where
 */
function chips(citations, prefix, where) {
  const each = citations.map((citation, i) => {
    const key = prefix === 'c' ? `c${i}` : `${prefix}-${i}`;
    return element('li', {}, chip(citation, key, where));
  });
  return element('ul', { class: 'chips', 'aria-label': 'Citations' }, ...each);
}

/** @param {Citation} citation @param {string} key @param {Where} where */
function chip(citation, key, where) {
  const { title, published } = citation;
  const said = [titled(title), placeSpoken(citation), published && day(published)].filter(Boolean).join(', ');
  return element(
    'a',
    { class: 'chip', href: placeOf(where, key), 'data-place': key, title: said },
    icon('file'),
    element('span', { class: 'chip-title' }, titled(title)),
    element('span', { class: 'chip-place', 'aria-hidden': 'true' }, placed(citation)),
    element('span', { class: 'unseen' }, placeSpoken(citation)),
    published ? element('span', { class: 'chip-date' }, day(published)) : null,
  );
}

/** @param {number} confidence */
function certainty(confidence) {
  const level = element('span', { class: 'level' });
  level.style.inlineSize = `${Math.round(confidence * 100)}%`;
  const explanation = `Of 100 answers given with this figure, about ${Math.round(confidence * 100)} are right. It was measured on questions with known answers.`;
  return element(
    'details',
    { class: 'more certainty' },
    element(
      'summary',
      {},
      element('span', { class: 'levels', 'aria-hidden': 'true' }, level),
      `${sureness(confidence)} · ${percent(confidence)}`,
    ),
    element('p', { class: 'quiet' }, explanation),
  );
}

/** @param {Alternative[]} alternatives @param {Where} where @param {string} title */
function others(alternatives, where, title) {
  if (!alternatives.length) return null;
  const each = alternatives.map(({ answer, confidence, citations }, i) =>
    element(
      'li',
      {},
      element('p', { class: 'other' }, element('q', {}, answer), element('span', { class: 'quiet' }, ` ${percent(confidence)}`)),
      chips(citations, `a${i}`, where),
    ),
  );
  const summary = element('summary', {}, title, element('span', { class: 'count' }, String(alternatives.length)));
  return element('details', { class: 'more' }, summary, element('ul', {}, ...each));
}

/**
 * @param {Passage[]} found
 * @param {Where} where
 * @param {boolean} open
 */
function passages(found, where, open) {
  if (!found.length) return null;
  const each = found.map((passage, i) => element('li', {}, passageLink(passage, `p${i}`, where)));
  const summary = element('summary', {}, 'Nearest passages', element('span', { class: 'count' }, String(found.length)));
  return element('details', { class: 'more', open }, summary, element('ul', { class: 'passages' }, ...each));
}

/** @param {Passage} passage @param {string} key @param {Where} where */
function passageLink(passage, key, where) {
  return element(
    'a',
    { class: 'passage', href: placeOf(where, key), 'data-place': key },
    element('span', { class: 'passage-place' }, `${titled(passage.title)} · ${placed(passage)}`),
    element('span', { class: 'passage-text' }, passage.text),
  );
}

/** @param {Where} where @param {string} key */
function placeOf({ conversation, turn }, key) {
  return hashOf(chat(conversation, turn, key));
}
