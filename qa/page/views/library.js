/** @import {Actions, ArticleSummary, Sort, State} from '../types.js' */
import { hashOf, library } from '../route.js';
import { isEmpty } from '../state.js';
import { plural, t } from '../text.js';
import { day, titled } from '../words.js';
import { createAdding } from './adding.js';
import { button, element, fill, icon, say, set, tags } from './element.js';
import { keyed } from './keyed.js';

/** @typedef {ArticleSummary & {current: boolean, chosen: boolean}} Listed */

/** @param {Actions} actions */
export function createLibrary(actions) {
  const title = element('h1', { tabindex: -1 }, t('Library'));
  const lead = element('p', { class: 'lead' });
  const find = element('input', {
    type: 'search',
    dir: 'auto',
    placeholder: t('Find an article by title or source'),
    'aria-label': t('Find an article by title or source'),
    input: () => actions.findArticle(find.value),
  });
  const finding = element('div', { class: 'field-with-icon' }, icon('find'), find);
  const sorting = createSorting(actions);
  const tools = element('div', { class: 'library-tools' }, finding, sorting.element);
  const adding = createAdding(actions);
  const choice = createChoice(actions);
  const list = element('ul', { class: 'articles', 'aria-label': t('Articles') });
  const none = element('p', { class: 'quiet' });
  const more = element('button', { type: 'button', class: 'secondary', click: () => actions.readMore() }, t('Show more'));
  const key = element(
    'p',
    { class: 'quiet' },
    t('This browser keeps an API key for the service.'),
    ' ',
    element('button', { type: 'button', class: 'link', click: () => actions.forgetKey() }, t('Forget it')),
  );
  const root = element(
    'section',
    { class: 'library' },
    element('div', { class: 'column' }, title, lead, adding.element, tools, choice.element, list, none, more, createChecking(), key),
  );
  /** @type {State | null} */
  let current = null;
  const draw = keyed(list, (/** @type {Listed} */ { id }) => id, (article) => entry(actions, article, () => current?.chosen ?? []));

  return {
    element: root,
    focus: () => title.focus(),
    focusFind: () => find.focus(),
    /** @param {State} state */
    update(state) {
      current = state;
      const { route, library: known, chosen } = state;
      set(root, 'hidden', route.view !== 'library');
      if (route.view !== 'library') return;
      const open = route.article;
      draw(known.articles.map((article) => ({ ...article, current: article.id === open, chosen: chosen.includes(article.id) })));
      say(lead, leadOf(state));
      set(tools, 'hidden', known.size < 2);
      say(none, known.status === 'ready' && known.find && !known.total ? t('No title or source holds these words.') : '');
      set(none, 'hidden', !none.textContent);
      set(more, 'hidden', known.articles.length >= known.total);
      set(key, 'hidden', !state.hasKey);
      sorting.update(state);
      choice.update(state);
      adding.update(state);
    },
  };
}

/** @param {State} state */
function leadOf(state) {
  if (state.library.status === 'loading') return t('Opening the library…');
  if (state.library.status === 'failed') return state.library.detail;
  if (isEmpty(state)) {
    return t('The library is empty. Questions are answered from its articles alone, so add some first.');
  }
  return plural(
    state.library.size,
    'Questions are answered from 1 article, and from nothing else.',
    'Questions are answered from {n} articles, and from nothing else.',
  );
}

/** @param {Actions} actions */
function createSorting(actions) {
  /** @type {[Sort, string][]} */
  const sorts = [['title', t('Title')], ['published', t('Newest published')]];
  const options = sorts.map(([sort, label]) => element('option', { value: sort }, label));
  const select = element('select', { 'aria-label': t('Sort by'), change: () => actions.sort(/** @type {Sort} */ (select.value)) }, ...options);
  return {
    element: select,
    /** @param {State} state */
    update({ library: { sort } }) {
      if (select.value !== sort) select.value = sort;
    },
  };
}

/** What can be done with the articles that are chosen. @param {Actions} actions */
function createChoice(actions) {
  /** @type {State | null} */
  let current = null;
  const said = element('span', { role: 'status' });
  const root = element(
    'div',
    { class: 'choice' },
    said,
    button('scope', t('Ask these'), { class: 'plain', click: ask }),
    button('delete', t('Remove these'), { class: 'plain', click: () => current && actions.removeArticles(current.chosen) }),
    button('close', t('Choose none'), { class: 'plain', click: () => actions.choose([]) }, { bare: true }),
  );

  function ask() {
    if (!current) return;
    const { chosen, library: known } = current;
    const articles = known.articles.filter(({ id }) => chosen.includes(id)).map(({ id, title }) => ({ id, title }));
    actions.setScope({ articles, tags: [], from: '', to: '' });
    actions.choose([]);
    actions.open({ view: 'chat', conversation: null, turn: null, place: null });
  }

  return {
    element: root,
    /** @param {State} state */
    update(state) {
      current = state;
      set(root, 'hidden', !state.chosen.length);
      say(said, state.chosen.length ? plural(state.chosen.length, '1 chosen', '{n} chosen') : '');
    },
  };
}

/** @param {Actions} actions @param {Listed} first @param {() => string[]} chosenNow */
function entry(actions, { id }, chosenNow) {
  const name = element('span', { class: 'article-title', dir: 'auto' });
  const about = element('span', { class: 'article-about' });
  const link = element('a', { class: 'article-link', href: hashOf(library(id)) }, name, about);
  const box = element('input', { type: 'checkbox', class: 'article-choice', change: onChoice });
  const edit = button('edit', '', { class: 'plain', click: () => actions.show({ kind: 'tags', id }) }, { bare: true });
  const remove = button('delete', t('Remove'), { class: 'plain', click: () => actions.removeArticles([id]) });
  let drawnTags = '';
  const labels = element('span', {});
  const root = element('li', {}, box, element('div', { class: 'article' }, link, labels), edit, remove);

  function onChoice() {
    const others = chosenNow().filter((each) => each !== id);
    actions.choose(box.checked ? [...others, id] : others);
  }

  return {
    element: root,
    /** @param {Listed} article */
    update(article) {
      const { title, source, published, author, characters, current, chosen } = article;
      const shown = titled(title);
      say(name, shown);
      const words = plural(Math.max(1, Math.round(characters / 6)), 'about 1 word', 'about {n} words');
      say(about, [author, published && day(published), words, source].filter(Boolean).join(' · '));
      const named = JSON.stringify(article.tags);
      if (named !== drawnTags) fill(labels, tags(article.tags));
      drawnTags = named;
      box.checked = chosen;
      set(link, 'aria-current', current ? 'true' : null);
      set(box, 'aria-label', t('Choose {title}', { title: shown }));
      set(edit, 'title', t('Tags of {title}', { title: shown }));
      say(edit.lastElementChild ?? edit, t('Tags of {title}', { title: shown }));
      set(remove, 'aria-label', t('Remove {title}', { title: shown }));
    },
  };
}

/** Whether saved citations still hold; the script comes when it is asked for. */
function createChecking() {
  const place = element('div', {});
  const root = element('details', { class: 'more', toggle: onToggle }, element('summary', {}, t('Check a citation')), place);

  async function onToggle() {
    if (!root.open || place.childElementCount) return;
    const { createCheck } = await import('../later/check.js');
    fill(place, createCheck());
  }

  return root;
}
