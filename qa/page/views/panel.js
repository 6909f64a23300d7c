/**
 * The article beside the chat, with the cited words marked.
 */

/** @import {Actions, Article, Paragraph, Place, Sight, State, Verdict} from '../types.js' */
import { around, slicer } from '../points.js';
import { chat } from '../route.js';
import { articleShown, looking } from '../state.js';
import { day, placed, titled, webAddress } from '../words.js';
import { button, element, fill, icon, say, set, tags } from './element.js';

/** @param {Actions} actions */
export function createPanel(actions) {
  const title = element('h2', { tabindex: -1, id: 'panel-title' });
  const about = element('div', { class: 'about' });
  const steps = createSteps(actions);
  const note = element('p', { class: 'note', role: 'status' });
  const text = createText();
  const head = element(
    'header',
    { class: 'panel-head' },
    element('div', { class: 'panel-title' }, title, button('close', 'Close the article', { class: 'plain', click: () => actions.closePanel() }, { bare: true })),
    about,
    steps.element,
    note,
  );
  const root = element('aside', { class: 'panel', 'aria-labelledby': 'panel-title' }, head, text.element);
  let drawnAbout = '';

  return {
    element: root,
    focus: () => title.focus(),
    /** @param {State} state */
    update(state) {
      const id = articleShown(state);
      set(root, 'hidden', id === null);
      if (id === null) return text.clear();
      const view = looking(state);
      const reading = state.reading?.id === id ? state.reading : null;
      const article = reading?.article ?? null;
      say(title, titled(article?.title ?? view?.sight.title));
      const drawn = `${id} ${article?.revision} ${view?.sight.url}`;
      if (drawn !== drawnAbout) fill(about, ...aboutParts(article, view?.sight ?? null));
      drawnAbout = drawn;
      steps.update(state);
      say(note, noteOf(state, view?.sight ?? null, article));
      set(note, 'hidden', !note.textContent);
      text.update(article, view?.sight ?? null, state.verdict);
    },
  };
}

/** @param {Article | null} article @param {Sight | null} sight */
function aboutParts(article, sight) {
  const source = article?.source ?? null;
  const address = webAddress(sight?.url ?? null) ?? webAddress(source);
  const link = address && element('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, 'Source', icon('out'));
  return [
    article?.author ? element('span', {}, article.author) : null,
    article?.published ? element('span', {}, day(article.published)) : null,
    link || (source ? element('span', { class: 'source' }, source) : null),
    tags(article?.tags),
  ];
}

/** @param {State} state @param {Sight | null} sight @param {Article | null} article */
function noteOf({ reading, verdict }, sight, article) {
  if (reading?.status === 'loading') return 'Opening the article…';
  if (reading?.status === 'failed') return `${reading.detail} The quoted words: “${sight?.quote ?? ''}”`;
  if (!article || !sight?.revision || article.revision === sight.revision) return '';
  if (verdict?.status === 'gone') return `The article has changed since, and these words are gone: “${sight.quote}”`;
  if (verdict) return 'The article has changed since; the words stand here now.';
  return 'The article has changed since.';
}

/** @param {Actions} actions */
function createSteps(actions) {
  /** @type {State | null} */
  let current = null;
  const kinds = { citation: 'Citation', alternative: 'Also found', passage: 'Passage' };
  const label = element('span', { role: 'status' });
  const previous = button('previous', 'Previous', { class: 'plain', click: () => step(-1) }, { bare: true });
  const next = button('next', 'Next', { class: 'plain', click: () => step(1) }, { bare: true });
  const root = element('div', { class: 'steps' }, label, previous, next);

  /** @param {number} by */
  function step(by) {
    const view = current && looking(current);
    const to = view?.sights[view.index + by];
    if (current?.route.view !== 'chat' || !to) return;
    actions.replace(chat(current.route.conversation, current.route.turn, to.key));
  }

  return {
    element: root,
    /** @param {State} state */
    update(state) {
      current = state;
      const view = looking(state);
      set(root, 'hidden', view === null);
      if (!view) return;
      const { sight, sights, index } = view;
      say(label, `${kinds[sight.kind]} ${index + 1} of ${sights.length} · ${placed(sight)}`);
      set(previous, 'aria-disabled', index === 0 ? 'true' : null);
      set(next, 'aria-disabled', index === sights.length - 1 ? 'true' : null);
      set(previous, 'hidden', sights.length < 2);
      set(next, 'hidden', sights.length < 2);
    },
  };
}

/** The text of an article; only paragraphs whose mark changes are drawn again. */
function createText() {
  const root = element('div', { class: 'text', tabindex: 0, role: 'region', 'aria-label': 'Text of the article' });
  /** @type {Article | null} */
  let article = null;
  /** @type {(start: number, end: number) => string} */
  let slice = () => '';
  /** @type {Map<number, {part: Paragraph, element: HTMLElement}>} */
  let paragraphs = new Map();
  /** @type {{part: Paragraph, element: HTMLElement} | null} */
  let marked = null;
  let seen = '';

  /** @param {Article | null} next */
  function show(next) {
    article = next;
    slice = slicer(next?.text ?? '');
    paragraphs = new Map();
    marked = null;
    seen = '';
    root.scrollTop = 0;
    fill(root, ...(next ? parts(next) : []));
  }

  /** @param {Article} of */
  function parts(of) {
    const headings = of.headings.map(({ start, end }) => ({ start, element: element('h3', {}, slice(start, end)) }));
    const texts = of.paragraphs.map((part) => {
      const made = element('p', { 'data-number': part.paragraph }, slice(part.start, part.end));
      paragraphs.set(part.paragraph, { part, element: made });
      return { start: part.start, element: made };
    });
    return [...headings, ...texts].sort((a, b) => a.start - b.start).map((each) => each.element);
  }

  /** @param {Mark | null} mark */
  function draw(mark) {
    if (marked) fill(marked.element, slice(marked.part.start, marked.part.end));
    marked = (mark && paragraphs.get(mark.paragraph)) ?? null;
    if (marked && mark) fill(marked.element, ...markedParts(slice, marked.part, mark));
    if (marked) scrollTo(marked.element.querySelector('mark') ?? marked.element);
  }

  /** @param {Element} target */
  function scrollTo(target) {
    const frame = root.getBoundingClientRect();
    const by = target.getBoundingClientRect().top - frame.top - frame.height / 3;
    root.scrollBy({ top: by, behavior: 'instant' });
  }

  return {
    element: root,
    clear: () => show(null),
    /** @param {Article | null} next @param {Sight | null} sight @param {Verdict | null} verdict */
    update(next, sight, verdict) {
      if (next !== article) show(next);
      if (!article) return;
      const mark = sight && markOf(article, sight, verdict);
      const now = JSON.stringify([sight?.key, mark]);
      if (now !== seen) draw(mark);
      seen = now;
    },
  };
}

/** @typedef {{paragraph: number, mark: Place | null, context: Place | null}} Mark */

/**
 * What to mark in the article as it is now.
 * @param {Article} article
 * @param {Sight} sight
 * @param {Verdict | null} verdict
 * @returns {Mark | null}
 */
function markOf(article, { paragraph, mark, context, revision }, verdict) {
  if (!revision || article.revision === revision) return { paragraph, mark, context };
  if (!verdict || verdict.start === null || verdict.end === null || !verdict.paragraph) return null;
  return { paragraph: verdict.paragraph, mark: { start: verdict.start, end: verdict.end }, context: null };
}

/**
 * @param {(start: number, end: number) => string} slice
 * @param {Place} stretch
 * @param {Mark} mark
 */
function markedParts(slice, stretch, { mark, context }) {
  const outer = around(slice, stretch, context ?? mark);
  if (!context) return [outer.before, element('mark', {}, outer.marked), outer.after];
  const inner = around(slice, context, mark);
  const words = inner.marked ? element('mark', {}, inner.marked) : null;
  const tinted = element('span', { class: 'context' }, inner.before, words, inner.after);
  return [outer.before, tinted, outer.after];
}
