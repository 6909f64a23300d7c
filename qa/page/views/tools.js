/**
 * What can be done with the article that is open: find in it, its contents, an overview, questions.
 */

/** @import {Actions, Article, Quote, State} from '../types.js' */
/** @import {ArticleText} from './article.js' */
import { slicer } from '../points.js';
import { plural, t } from '../text.js';
import { button, element, fill, icon, say, set } from './element.js';

/** Found places that are shown at once. */
const MOST_FOUND = 500;

/** @param {Actions} actions @param {ArticleText} text */
export function createTools(actions, text) {
  const finding = createFinding(text);
  const contents = element('ul', { class: 'contents', 'aria-label': t('Contents') });
  const asking = element('div', { class: 'ask-about' });
  const buttons = element(
    'div',
    { class: 'tool-buttons' },
    button('scope', t('Ask this article'), { class: 'secondary', click: () => article && askThis(article) }),
    button('library', t('Main points'), { class: 'secondary', click: () => article && actions.readOverview(article.id) }),
  );
  const summary = element('summary', {}, t('Find, contents, ask'));
  const root = element('details', { class: 'more tools', toggle: onToggle }, summary, finding.element, buttons, asking, contents);
  /** @type {Article | null} */
  let article = null;
  /** @type {unknown[]} */
  let drawn = [];

  function onToggle() {
    if (!root.open || !article) return;
    void actions.suggestFor(article.id);
    drawContents(article);
  }

  /** @param {Article} of */
  function drawContents({ headings, text: words }) {
    const slice = slicer(words);
    const each = headings.map(({ start, end, level }, i) =>
      element('li', { 'data-level': level }, element('button', { type: 'button', class: 'link', dir: 'auto', click: () => text.goToHeading(i) }, slice(start, end).replace(/^#+\s*/, ''))),
    );
    fill(contents, ...each);
  }

  /** @param {State} state */
  function drawAsking({ articleSuggestions, overview }) {
    if (!article) return;
    const { id, title } = article;
    const of = { id, title };
    const questions = articleSuggestions?.id === id ? articleSuggestions.questions : [];
    const points = overview?.id === id ? overview : null;
    fill(
      asking,
      points ? overviewParts(points.quotes, points.detail) : null,
      questions.length ? element('ul', { class: 'suggestions', 'aria-label': t('Questions about the article') }, ...questions.map((question) =>
        element('li', {}, element('button', { type: 'button', class: 'suggestion', dir: 'auto', click: () => actions.askArticle(of, question) }, question)),
      )) : null,
    );
  }

  /** @param {{id: string, title: string}} of */
  function askThis({ id, title }) {
    actions.setScope({ articles: [{ id, title }], tags: [], from: '', to: '' });
    actions.open({ view: 'chat', conversation: null, turn: null, place: null });
  }

  /** @param {Quote[]} quotes @param {string} detail */
  function overviewParts(quotes, detail) {
    if (!quotes.length) return element('p', { class: 'quiet', role: 'status' }, detail);
    const each = quotes.map(({ text: words, citations }) => {
      const [first] = citations;
      const go = () => first && text.goToPlace({ paragraph: first.paragraph, mark: null, context: { start: first.sentence.start, end: first.sentence.end } });
      return element('li', {}, element('button', { type: 'button', class: 'suggestion', dir: 'auto', click: go }, words));
    });
    return element('ul', { class: 'suggestions overview', 'aria-label': t('The main points, in the articles’ words:') }, ...each);
  }

  return {
    element: root,
    /** @param {State} state @param {Article | null} next */
    update(state, next) {
      set(root, 'hidden', next === null);
      if (next !== article) {
        article = next;
        root.open = false;
        finding.clear();
      }
      const now = [next, state.articleSuggestions, state.overview];
      if (now.every((value, i) => value === drawn[i])) return;
      drawn = now;
      drawAsking(state);
    },
  };
}

/** Words within the article, shown by the browser's own highlights, so that the text stays as it is. @param {ArticleText} text */
function createFinding(text) {
  const input = element('input', { type: 'search', dir: 'auto', placeholder: t('Find in the article'), 'aria-label': t('Find in the article'), input: () => find(), keydown: onKey });
  const count = element('span', { class: 'quiet', role: 'status' });
  const root = element('div', { class: 'finding' }, element('div', { class: 'field-with-icon' }, icon('find'), input), count);
  /** @type {Range[]} */
  let ranges = [];
  let at = 0;

  function find() {
    ranges = input.value.trim() ? rangesOf(text.element, input.value.trim().toLowerCase()) : [];
    at = 0;
    show();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key === 'Escape' && input.value) {
      event.preventDefault();
      clear();
    }
    if (event.key !== 'Enter' || !ranges.length) return;
    event.preventDefault();
    at = (at + (event.shiftKey ? ranges.length - 1 : 1)) % ranges.length;
    show();
  }

  function show() {
    const current = ranges[at];
    if (typeof Highlight !== 'undefined') {
      CSS.highlights.set('found', new Highlight(...ranges));
      CSS.highlights.set('found-now', new Highlight(...(current ? [current] : [])));
    }
    const element = current?.startContainer.parentElement;
    if (element) text.scrollTo(element);
    const said = ranges.length ? t('{n} of {of}', { n: at + 1, of: ranges.length }) : plural(0, 'found once', 'found nowhere');
    say(count, input.value.trim() ? said : '');
  }

  function clear() {
    input.value = '';
    find();
  }

  return { element: root, clear };
}

/** @param {Element} root @param {string} words */
function rangesOf(root, words) {
  const found = [];
  const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode() && found.length < MOST_FOUND) {
    const text = (nodes.currentNode.textContent ?? '').toLowerCase();
    for (let index = text.indexOf(words); index >= 0 && found.length < MOST_FOUND; index = text.indexOf(words, index + words.length)) {
      const range = new Range();
      range.setStart(nodes.currentNode, index);
      range.setEnd(nodes.currentNode, Math.min(index + words.length, nodes.currentNode.textContent?.length ?? 0));
      found.push(range);
    }
  }
  return found;
}
