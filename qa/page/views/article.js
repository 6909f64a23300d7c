/**
 * The text of an article: paragraphs with their numbers, tables, headings, and what is marked.
 */

/** @import {Article, Paragraph, Place, Sight, Verdict} from '../types.js' */
import { slicer } from '../points.js';
import { cellCount, isMarkdown, languageOf, tableOf } from '../rich.js';
import { t } from '../text.js';
import { element, fill, scrollerOf, set } from './element.js';
import { placeIn, rich, richCells } from './rich.js';

/** @typedef {{paragraph: number, mark: Place | null, context: Place | null}} Mark */
/** @typedef {{start: number, end: number, paragraph: number}} Selected */
/** @typedef {ReturnType<typeof createText>} ArticleText */

/**
 * A paragraph and its element; a row of a table is one too.
 * @typedef {{part: Paragraph, element: HTMLElement, row: '' | 'th' | 'td'}} Drawn
 */

const NOTHING = { mark: null, context: null };

/** Only paragraphs whose mark changes are drawn again. @param {(selected: Selected | null) => void} onSelect */
export function createText(onSelect) {
  const root = element('div', { class: 'text', tabindex: 0, role: 'region', 'aria-label': t('Text of the article') });
  document.addEventListener('selectionchange', () => onSelect(selection()));
  /** @type {Article | null} */
  let article = null;
  /** @type {(start: number, end: number) => string} */
  let slice = () => '';
  let markdown = false;
  /** @type {Map<number, Drawn>} */
  let paragraphs = new Map();
  /** @type {HTMLElement[]} */
  let headings = [];
  /** @type {Drawn | null} */
  let marked = null;
  let seen = '';

  /** @param {Article | null} next */
  function show(next) {
    article = next;
    slice = slicer(next?.text ?? '');
    markdown = next !== null && isMarkdown(next);
    paragraphs = new Map();
    headings = [];
    marked = null;
    seen = '';
    root.scrollTop = 0;
    set(root, 'lang', next ? languageOf(next.text) || null : null);
    root.style.setProperty('--digits', String(Math.max(2, String(next?.paragraphs.length ?? 0).length)));
    fill(root, ...(next ? parts(next) : []));
  }

  /** @param {Article} of */
  function parts(of) {
    const titles = of.headings.map((heading) => {
      const made = element('h3', { dir: 'auto', tabindex: -1 }, ...rich(slice, heading, NOTHING, markdown));
      headings.push(made);
      return { start: heading.start, element: made };
    });
    const texts = grouped(of).map((group) => ({ start: group[0]?.start ?? 0, element: group.length > 1 ? table(group) : paragraph(group) }));
    return [...titles, ...texts].sort((a, b) => a.start - b.start).map((each) => each.element);
  }

  /** @param {Paragraph[]} group Of one. */
  function paragraph([part]) {
    const only = /** @type {Paragraph} */ (part);
    const tag = tableOf(slice(only.start, only.end)) ? 'div' : 'p';
    return kept({ part: only, row: '', element: element(tag, { class: 'paragraph', 'data-number': only.paragraph, dir: 'auto' }) });
  }

  /** @param {Paragraph[]} rows */
  function table(rows) {
    const [head, ...body] = rows.map((part, i) => kept({ part, row: i ? 'td' : 'th', element: element('tr', {}) }));
    return element('div', { class: 'rows' }, element('table', {}, element('thead', {}, head ?? null), element('tbody', {}, ...body)));
  }

  /** @param {Drawn} drawn */
  function kept(drawn) {
    paragraphs.set(drawn.part.paragraph, drawn);
    redraw(drawn, NOTHING);
    return drawn.element;
  }

  /** @param {Drawn} drawn @param {{mark: Place | null, context: Place | null}} marks */
  function redraw({ part, element: on, row }, marks) {
    fill(on, ...(row ? richCells(slice, part, marks, markdown, row) : rich(slice, part, marks, markdown)));
    if (row) on.firstElementChild?.setAttribute('data-number', String(part.paragraph));
  }

  /** Paragraphs one by one, but the rows of a table together. @param {Article} of */
  function grouped({ paragraphs: all, headings: titles }) {
    /** @type {Paragraph[][]} */
    const groups = [];
    let before = 0;
    for (const part of all) {
      const cells = cellCount(slice(part.start, part.end));
      const last = groups.at(-1);
      const parted = titles.some(({ start }) => start < part.start && start >= (last?.at(-1)?.end ?? 0));
      if (last && cells > 1 && cells === before && !parted) last.push(part);
      else groups.push([part]);
      before = cells;
    }
    return groups;
  }

  /** @param {Mark | null} mark */
  function draw(mark) {
    if (marked) redraw(marked, NOTHING);
    marked = (mark && paragraphs.get(mark.paragraph)) ?? null;
    if (marked && mark) redraw(marked, mark);
    if (marked) scrollTo(marked.element.querySelector('mark') ?? marked.element);
  }

  /** @param {Element} target */
  function scrollTo(target) {
    const scroller = scrollerOf(root);
    const frame = scroller.getBoundingClientRect();
    scroller.scrollBy({ top: target.getBoundingClientRect().top - frame.top - frame.height / 3, behavior: 'instant' });
  }

  /** The words that are chosen, if they are of this text. @returns {Selected | null} */
  function selection() {
    const chosen = document.getSelection();
    if (!chosen || chosen.isCollapsed || !chosen.rangeCount) return null;
    const range = chosen.getRangeAt(0);
    const { startContainer, startOffset, endContainer, endOffset } = range;
    if (!root.contains(range.commonAncestorContainer)) return null;
    const start = placeIn(startContainer, startOffset);
    const end = placeIn(endContainer, endOffset);
    const number = startContainer.parentElement?.closest('[data-number]')?.getAttribute('data-number');
    if (start === null || end === null || start >= end || !number) return null;
    return { start, end, paragraph: Number(number) };
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
    /** To the marked words, for those who cannot see where they are. */
    focusMark() {
      const target = root.querySelector('mark') ?? root.querySelector('.context') ?? root;
      if (!(target instanceof HTMLElement)) return;
      set(target, 'tabindex', -1);
      scrollTo(target);
      target.focus({ preventScroll: true });
    },
    /** @param {number} index */
    goToHeading(index) {
      const heading = headings[index];
      if (!heading) return;
      const scroller = scrollerOf(root);
      scroller.scrollBy({ top: heading.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 16, behavior: 'instant' });
      heading.focus({ preventScroll: true });
    },
    /** @param {Mark} mark */
    goToPlace(mark) {
      draw(mark);
      seen = '';
    },
    scrollTo,
  };
}

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
