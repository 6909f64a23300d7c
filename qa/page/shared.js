/**
 * An answer that travels in a link. Anybody can write a link, so that what comes in is put
 * together anew, field by field.
 */

/** @import {Answer, Citation, Quote, Rival} from './types.js' */
import { quotesOf } from './words.js';

const KINDS = /** @type {const} */ (['quote', 'list', 'parts', 'overview']);

/**
 * The parts of an answer that its reader needs.
 * @param {string} question
 * @param {Answer} answer
 */
export function closed(question, answer) {
  const { kind, confidence, sources, disagreement } = answer;
  return JSON.stringify({ question, answer: { kind, confidence, sources, disagreement, answer: answer.answer, quotes: quotesOf(answer) } });
}

/**
 * Throws when the text is none that `closed` could have made.
 * @param {string} text
 * @returns {{question: string, answer: Answer}}
 */
export function opened(text) {
  const { question, answer } = JSON.parse(text);
  const quotes = list(answer.quotes).map(quoteOf);
  const citations = quotes.flatMap((quote) => quote.citations);
  const asked = string(question);
  if (!asked || !citations.length) throw new TypeError('no answer');
  return {
    question: asked,
    answer: {
      question: asked,
      kind: KINDS.find((kind) => kind === answer.kind) ?? 'quote',
      answered: true,
      answer: string(answer.answer),
      confidence: part(answer.confidence),
      reason: null,
      citations,
      quotes,
      disagreement: answer.disagreement ? list(answer.disagreement).map(rivalOf) : null,
      ...(Number.isInteger(answer.sources) && { sources: answer.sources }),
      alternatives: [],
      passages: [],
    },
  };
}

/** @param {any} quote @returns {Quote} */
function quoteOf({ text, question, confidence, reason, citations }) {
  return {
    text: string(text),
    question: question === null || question === undefined ? null : string(question),
    confidence: part(confidence),
    ...(reason && { reason: string(reason) }),
    citations: list(citations).map(citationOf),
  };
}

/** @param {any} rival @returns {Rival} */
function rivalOf({ text, published, citations }) {
  return { text: string(text), published: orNull(published), citations: list(citations).map(citationOf) };
}

/** @param {any} cited @returns {Citation} */
function citationOf(cited) {
  const { sentence } = cited;
  return {
    article_id: string(cited.article_id),
    title: string(cited.title),
    source: orNull(cited.source),
    published: orNull(cited.published),
    revision: string(cited.revision),
    paragraph: whole(cited.paragraph),
    page: cited.page ? whole(cited.page) : null,
    heading: orNull(cited.heading),
    start: whole(cited.start),
    end: whole(cited.end),
    quote: string(cited.quote),
    sentence: { start: whole(sentence.start), end: whole(sentence.end), text: string(sentence.text) },
    url: orNull(cited.url),
  };
}

/** @param {unknown} value @returns {any[]} */
function list(value) {
  if (!Array.isArray(value) || value.length > 200) throw new TypeError('no list');
  return value;
}

/** @param {unknown} value */
function string(value) {
  if (typeof value !== 'string') throw new TypeError('no text');
  return value;
}

/** @param {unknown} value */
function orNull(value) {
  return value === null || value === undefined ? null : string(value);
}

/** @param {unknown} value */
function whole(value) {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw new TypeError('no number');
  return value;
}

/** @param {unknown} value */
function part(value) {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) throw new TypeError('no probability');
  return value;
}
