/**
 * A conversation as Markdown, with its citations.
 */

/** @import {Answer, Citation, Conversation, Turn} from './types.js' */
import { around, slicer } from './points.js';
import { day, percent, placed, sureness, titled } from './words.js';

/** @param {Conversation} conversation */
export function toMarkdown(conversation) {
  const turns = conversation.turns.map(turnText);
  return [`# ${escaped(conversation.title)}`, ...turns].join('\n\n') + '\n';
}

/**
 * A name for the exported file that every file system takes.
 * @param {string} title
 */
export function fileName(title) {
  const name = title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  return `${name.slice(0, 60) || 'conversation'}.md`;
}

/** @param {Turn} turn */
function turnText(turn) {
  const heading = `## ${escaped(turn.question)}`;
  const { outcome } = turn;
  if (outcome?.kind !== 'answer') return `${heading}\n\n*No answer was received.*`;
  const { answer } = outcome;
  const understood = answer.understood_as
    ? [`*Understood as: ${escaped(answer.understood_as)}*`]
    : [];
  const body = answer.answered ? answered(answer) : [`No answer. ${escaped(answer.reason ?? '')}`];
  return [heading, ...understood, ...body].join('\n\n');
}

/** @param {Answer} answer */
function answered(answer) {
  const sure = `${sureness(answer.confidence)} (${percent(answer.confidence)}).`;
  const [first] = answer.citations;
  const quote = first ? [`> ${marked(first)}`] : [];
  return [...quote, sure, answer.citations.map(source).join('\n')];
}

/** @param {Citation} citation */
function marked(citation) {
  const slice = slicer(citation.sentence.text);
  const from = citation.sentence.start;
  const inner = { start: citation.start - from, end: citation.end - from };
  const all = { start: 0, end: citation.sentence.end - from };
  const { before, marked: quote, after } = around(slice, all, inner);
  return `${escaped(before)}**${escaped(quote)}**${escaped(after)}`;
}

/**
 * @param {Citation} citation
 * @param {number} index
 */
function source(citation, index) {
  const date = citation.published ? `, ${day(citation.published)}` : '';
  const where = citation.url ? ` <${citation.url}>` : citation.source ? ` ${escaped(citation.source)}` : '';
  const place = `characters ${citation.start}–${citation.end} of ${citation.revision}`;
  return `${index + 1}. *${escaped(titled(citation.title))}*, ${placed(citation)}${date}.${where} (${place})`;
}

/**
 * Text that Markdown shows as it is, on one line.
 * @param {string} text
 */
function escaped(text) {
  return text.replace(/\s+/g, ' ').replace(/[\\\u0060*_{}[\]<>#|~!&]/g, '\\$&');
}
