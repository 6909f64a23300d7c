/**
 * Conversations in the forms that other programs read.
 */

/** @import {Answer, Citation, Conversation, Quote, Turn} from '../types.js' */
import { around, slicer } from '../points.js';
import { t } from '../text.js';
import { day, kindOf, percent, placed, quotesOf, sureness, titled, webAddress } from '../words.js';

/** @typedef {{extension: string, type: string, written: (conversations: Conversation[]) => string}} Form */

/** @type {Form} */
export const MARKDOWN = { extension: 'md', type: 'text/markdown', written: toMarkdown };

/** @type {Record<string, Form>} */
export const FORMS = {
  markdown: MARKDOWN,
  csl: { extension: 'json', type: 'application/vnd.citationstyles.csl+json', written: toCsl },
  bibtex: { extension: 'bib', type: 'application/x-bibtex', written: toBibtex },
  ris: { extension: 'ris', type: 'application/x-research-info-systems', written: toRis },
  annotations: { extension: 'jsonld', type: 'application/ld+json', written: toAnnotations },
  questions: { extension: 'json', type: 'application/json', written: toQuestions },
};

/**
 * A name for the exported file that every file system takes.
 * @param {string} title
 * @param {string} extension
 */
export function fileName(title, extension) {
  const name = title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  return `${name.slice(0, 60) || 'conversation'}.${extension}`;
}

/* ---- Markdown ---- */

/** @param {Conversation[]} conversations */
export function toMarkdown(conversations) {
  return conversations.map(conversationText).join('\n\n') + '\n';
}

/** @param {Conversation} conversation */
function conversationText({ title, turns }) {
  return [`# ${escaped(title)}`, ...turns.map(turnText)].join('\n\n');
}

/** @param {Turn} turn */
function turnText(turn) {
  const heading = `## ${escaped(turn.question)}`;
  const { outcome } = turn;
  if (outcome?.kind !== 'answer') return `${heading}\n\n*${t('No answer was received.')}*`;
  const { answer } = outcome;
  const understood = answer.understood_as ? [`*${t('Understood as: {question}', { question: escaped(answer.understood_as) })}*`] : [];
  const quotes = quotesOf(answer);
  const nothing = [kindOf(answer) === 'help' ? '' : t('The articles don’t say.'), escaped(answer.reason ?? '')].filter(Boolean).join(' ');
  let number = 0;
  const parts = quotes.flatMap((quote) => {
    const from = number;
    number += quote.citations.length;
    return quoteText(quote, from);
  });
  const rivals = (answer.disagreement ?? []).flatMap(({ text, published, citations }) => {
    const from = number;
    number += citations.length;
    const when = published ? ` (${day(published)})` : '';
    return [`${t('The articles disagree:')} **${escaped(text)}**${when}`, sources(citations, from)];
  });
  return [heading, ...understood, ...(quotes.length ? parts : [nothing]), ...rivals].join('\n\n');
}

/** @param {Quote} quote @param {number} from */
function quoteText({ question, confidence, reason, citations }, from) {
  const asked = question ? [`### ${escaped(question)}`] : [];
  const [first] = citations;
  if (!first) return [...asked, `${t('The articles don’t say.')} ${escaped(reason ?? '')}`.trim()];
  return [...asked, `> ${marked(first)}`, `${sureness(confidence)} (${percent(confidence)}).`, sources(citations, from)];
}

/** @param {Citation[]} citations @param {number} from */
function sources(citations, from) {
  return citations.map((citation, i) => source(citation, from + i)).join('\n');
}

/** @param {Citation} citation */
function marked(citation) {
  const { before, quote, after } = inSentence(citation);
  return `${escaped(before)}**${escaped(quote)}**${escaped(after)}`;
}

/** @param {Citation} citation */
function inSentence({ sentence, start, end }) {
  const from = sentence.start;
  const all = { start: 0, end: sentence.end - from };
  const { before, marked: quote, after } = around(slicer(sentence.text), all, { start: start - from, end: end - from });
  return { before, quote, after };
}

/** @param {Citation} citation @param {number} index */
function source(citation, index) {
  const date = citation.published ? `, ${day(citation.published)}` : '';
  const address = webAddress(citation.url);
  const where = address ? ` <${address}>` : citation.source ? ` ${escaped(citation.source)}` : '';
  const place = t('characters {start}–{end} of {revision}', citationPlace(citation));
  return `${index + 1}. *${escaped(titled(citation.title))}*, ${placed(citation)}${date}.${where} (${place})`;
}

/** @param {Citation} citation */
function citationPlace({ start, end, revision }) {
  return { start, end, revision };
}

/**
 * Text that Markdown shows as it is, on one line.
 * @param {string} text
 */
function escaped(text) {
  return text.replace(/\s+/g, ' ').replace(/[\\\u0060*_{}[\]<>#|~!&]/g, '\\$&');
}

/* ---- Word: the service writes it ---- */

/** @param {Conversation[]} conversations */
export function toDocument(conversations) {
  return {
    conversations: conversations.map(({ title, turns }) => ({
      title,
      turns: turns.map(({ question, outcome }) => {
        const answer = outcome?.kind === 'answer' ? outcome.answer : null;
        const quotes = answer ? quotesOf(answer) : [];
        return {
          question,
          note: quotes.length ? '' : (answer?.reason ?? t('No answer was received.')),
          quotes: quotes.map(({ question: part, confidence, citations, reason }) => ({
            question: part ?? '',
            note: citations.length ? `${sureness(confidence)} (${percent(confidence)})` : (reason ?? t('The articles don’t say.')),
            ...(citations[0] ? inSentence(citations[0]) : { before: '', quote: '', after: '' }),
            sources: citations.map((citation) => `${titled(citation.title)}, ${placed(citation)}${citation.published ? `, ${day(citation.published)}` : ''}${citation.source ? `. ${citation.source}` : ''}`),
          })),
        };
      }),
    })),
  };
}

/* ---- bibliographies: each article once ---- */

/** @param {Conversation[]} conversations */
function cited(conversations) {
  const citations = conversations.flatMap(({ turns }) => turns).flatMap(({ outcome }) => {
    if (outcome?.kind !== 'answer') return [];
    return quotesOf(outcome.answer).flatMap((quote) => quote.citations);
  });
  return [...new Map(citations.map((citation) => [citation.article_id, citation])).values()];
}

/** @param {Conversation[]} conversations */
function toCsl(conversations) {
  const items = cited(conversations).map((citation) => {
    const address = webAddress(citation.source);
    const date = /^(\d{4})-(\d\d)-(\d\d)/.exec(citation.published ?? '');
    return {
      id: citation.article_id,
      type: address ? 'webpage' : 'document',
      title: titled(citation.title),
      ...(address && { URL: address }),
      ...(!address && citation.source && { source: citation.source }),
      ...(date && { issued: { 'date-parts': [date.slice(1).map(Number)] } }),
      note: citation.revision,
    };
  });
  return JSON.stringify(items, null, 2) + '\n';
}

/** @param {Conversation[]} conversations */
function toBibtex(conversations) {
  return cited(conversations)
    .map((citation) => {
      const address = webAddress(citation.source);
      const [year, month, dayOfMonth] = (citation.published ?? '').split('-');
      const fields = {
        title: `{${tex(titled(citation.title))}}`,
        year,
        month: month && String(Number(month)),
        day: dayOfMonth && String(Number(dayOfMonth)),
        url: address?.replace(/[{}\\%#&]/g, encodeURIComponent),
        howpublished: address ? undefined : citation.source && tex(citation.source),
        note: tex(citation.revision),
      };
      const lines = Object.entries(fields).flatMap(([name, value]) => (value ? [`  ${name} = {${value}}`] : []));
      return `@misc{${citation.article_id.replace(/[^\w-]/g, '')},\n${lines.join(',\n')}\n}\n`;
    })
    .join('\n');
}

/** @param {string} text */
function tex(text) {
  /** @type {Record<string, string>} */
  const names = { '\\': '\\textbackslash{}', '~': '\\textasciitilde{}', '^': '\\textasciicircum{}' };
  return text.replace(/\s+/g, ' ').replace(/[\\{}$&#%_~^]/g, (sign) => names[sign] ?? `\\${sign}`);
}

/** @param {Conversation[]} conversations */
function toRis(conversations) {
  return cited(conversations)
    .map((citation) => {
      const address = webAddress(citation.source);
      const fields = [
        ['TY', address ? 'ELEC' : 'GEN'],
        ['TI', titled(citation.title)],
        ['DA', citation.published?.replaceAll('-', '/')],
        ['PY', citation.published?.slice(0, 4)],
        ['UR', address],
        ['DP', address ? null : citation.source],
        ['N1', citation.revision],
        ['ER', ''],
      ];
      return fields.flatMap(([tag, value]) => (value || tag === 'ER' ? [`${tag}  - ${(value ?? '').replace(/\s+/g, ' ')}\r\n`] : [])).join('');
    })
    .join('\r\n');
}

/* ---- places ---- */

/** W3C Web Annotations: each quote, by its characters and by its words. @param {Conversation[]} conversations */
function toAnnotations(conversations) {
  const items = conversations.flatMap(({ turns }) => turns).flatMap(({ question, asked, outcome }) => {
    if (outcome?.kind !== 'answer') return [];
    return quotesOf(outcome.answer).flatMap(({ question: part, citations }) =>
      citations.map((citation) => annotation(part ?? question, asked, citation)),
    );
  });
  return JSON.stringify({ '@context': 'http://www.w3.org/ns/anno.jsonld', type: 'AnnotationCollection', total: items.length, first: { type: 'AnnotationPage', items } }, null, 2) + '\n';
}

/** @param {string} question @param {number} asked @param {Citation} citation */
function annotation(question, asked, citation) {
  const { before, quote, after } = inSentence(citation);
  return {
    type: 'Annotation',
    motivation: 'highlighting',
    created: new Date(asked).toISOString(),
    body: { type: 'TextualBody', value: question, purpose: 'describing' },
    target: {
      source: webAddress(citation.source) ?? `urn:pullquote:article:${encodeURIComponent(citation.article_id)}`,
      state: { type: 'State', 'pullquote:revision': citation.revision },
      selector: [
        { type: 'TextQuoteSelector', exact: quote, prefix: before, suffix: after },
        { type: 'TextPositionSelector', start: citation.start, end: citation.end },
      ],
    },
  };
}

/**
 * A quote with its place, revision and date, as `pullquote verify` takes it.
 * @param {string} question
 * @param {Answer} answer
 * @param {number} asked
 */
export function toProof(question, answer, asked) {
  const citations = quotesOf(answer).flatMap((quote) => quote.citations);
  const { confidence, library_revision } = answer;
  const proof = { question, answer: answer.answer, confidence, asked: new Date(asked).toISOString(), library_revision, citations };
  return JSON.stringify(proof, null, 2) + '\n';
}

/* ---- my questions: what was thought right becomes a question set in SQuAD's form, the rest stands beside it ---- */

/** @param {Conversation[]} conversations */
function toQuestions(conversations) {
  const rated = conversations.flatMap(({ turns }) => turns).filter(({ rating }) => rating);
  const data = rated.flatMap(({ id, question, rating, outcome }) => {
    if (!rating?.good || outcome?.kind !== 'answer') return [];
    const { citations, passages, understood_as: understood } = outcome.answer;
    const [first] = citations;
    const context = first ? first.sentence.text : (passages[0]?.text ?? '');
    const answers = first ? [{ text: first.quote, answer_start: first.start - first.sentence.start }] : [];
    const qas = [{ id, question: understood || question, answers, is_impossible: !first }];
    return [{ title: first?.title ?? '', paragraphs: [{ context, qas }] }];
  });
  const wrong = rated.flatMap(({ question, rating, outcome }) => {
    if (rating?.good !== false || outcome?.kind !== 'answer') return [];
    const { answer, understood_as: understood } = outcome.answer;
    return [{ question: understood || question, answer, reason: rating.reason }];
  });
  return JSON.stringify({ version: 'my questions', data, wrong }, null, 2) + '\n';
}
