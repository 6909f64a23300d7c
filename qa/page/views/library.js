/** @import {Actions, ArticleSummary, Intake, State} from '../types.js' */
import { hashOf, library } from '../route.js';
import { isEmpty } from '../state.js';
import { counted, day, titled } from '../words.js';
import { button, element, fill, icon, say, set, tags } from './element.js';
import { keyed } from './keyed.js';

/** @typedef {ArticleSummary & {current: boolean}} Listed */

/** @param {Actions} actions */
export function createLibrary(actions) {
  const title = element('h1', { tabindex: -1 }, 'Library');
  const lead = element('p', { class: 'lead' });
  const find = element('input', {
    type: 'search',
    placeholder: 'Find an article by title or source',
    'aria-label': 'Find an article by title or source',
    input: () => actions.findArticle(find.value),
  });
  const finding = element('div', { class: 'field-with-icon' }, icon('find'), find);
  const adding = createAdding(actions);
  const list = element('ul', { class: 'articles', 'aria-label': 'Articles' });
  const none = element('p', { class: 'quiet' });
  const more = element('button', { type: 'button', class: 'secondary', click: () => actions.readMore() }, 'Show more');
  const key = element(
    'p',
    { class: 'quiet' },
    'This browser keeps an API key for the service. ',
    element('button', { type: 'button', class: 'link', click: () => actions.forgetKey() }, 'Forget it'),
  );
  const root = element(
    'section',
    { class: 'library' },
    element('div', { class: 'column' }, title, lead, adding.element, finding, list, none, more, key),
  );
  const draw = keyed(list, (/** @type {Listed} */ { id }) => id, (article) => entry(actions, article));

  return {
    element: root,
    focus: () => title.focus(),
    focusFind: () => find.focus(),
    /** @param {State} state */
    update(state) {
      const { route, library: known } = state;
      set(root, 'hidden', route.view !== 'library');
      const current = route.view === 'library' ? route.article : null;
      draw(known.articles.map((article) => ({ ...article, current: article.id === current })));
      say(lead, leadOf(state));
      set(finding, 'hidden', known.size < 2);
      say(none, known.status === 'ready' && known.find && !known.total ? 'No title or source holds these words.' : '');
      set(none, 'hidden', !none.textContent);
      set(more, 'hidden', known.articles.length >= known.total);
      set(key, 'hidden', !state.hasKey);
      adding.update(state);
    },
  };
}

/** @param {State} state */
function leadOf(state) {
  if (state.library.status === 'loading') return 'Opening the library…';
  if (state.library.status === 'failed') return state.library.detail;
  if (isEmpty(state)) {
    return 'The library is empty. Questions are answered from its articles alone, so add some first.';
  }
  return `Questions are answered from ${counted(state.library.size, 'article')}, and from nothing else.`;
}

/** @param {Actions} actions @param {Listed} first */
function entry(actions, { id }) {
  const name = element('span', { class: 'article-title' });
  const about = element('span', { class: 'article-about' });
  const link = element('a', { class: 'article-link', href: hashOf(library(id)) }, name, about);
  const remove = button('delete', 'Remove', { class: 'plain', click: () => actions.show({ kind: 'remove', id }) });
  let drawnTags = '';
  const labels = element('span', {});
  const root = element('li', {}, element('div', { class: 'article' }, link, labels), remove);
  return {
    element: root,
    /** @param {Listed} article */
    update(article) {
      const { title, source, published, author, characters, current } = article;
      say(name, titled(title));
      const words = `about ${counted(Math.max(1, Math.round(characters / 6)), 'word')}`;
      say(about, [author, published && day(published), words, source].filter(Boolean).join(' · '));
      const named = JSON.stringify(article.tags);
      if (named !== drawnTags) fill(labels, tags(article.tags));
      drawnTags = named;
      set(link, 'aria-current', current ? 'true' : null);
      set(remove, 'aria-label', `Remove ${titled(title)}`);
    },
  };
}

/** @param {Actions} actions */
function createAdding(actions) {
  const files = element('input', { type: 'file', multiple: true, class: 'unseen', id: 'files', change: onFiles });
  const drop = element(
    'label',
    { class: 'drop', for: 'files' },
    icon('file'),
    element('span', {}, element('strong', {}, 'Choose files'), ' or drop them anywhere on this page'),
    element('span', { class: 'quiet' }, 'What cannot be read is refused, with the reason.'),
  );
  const bar = element('progress', { 'aria-label': 'Taking in' });
  const list = element('ul', { class: 'intakes', 'aria-label': 'Taken in' });
  const draw = keyed(list, (/** @type {Intake} */ { id }) => id, intakeEntry);
  const root = element('div', { class: 'adding' }, files, drop, createPaste(actions), createAddress(actions), bar, list);

  function onFiles() {
    void actions.addFiles([...(files.files ?? [])]);
    files.value = '';
  }

  return {
    element: root,
    /** @param {State} state */
    update({ intakes }) {
      draw(intakes);
      const finished = intakes.filter(({ status }) => status === 'done' || status === 'refused');
      set(bar, 'hidden', finished.length === intakes.length);
      set(list, 'hidden', !intakes.length);
      set(bar, 'max', intakes.length || 1);
      // One alone says nothing of how far it is.
      set(bar, 'value', intakes.length > 1 ? finished.length : null);
    },
  };
}

function intakeEntry() {
  const root = element('li', {});
  let drawn = '';
  return {
    element: root,
    /** @param {Intake} intake */
    update({ name, status, detail }) {
      const now = status + detail;
      if (now === drawn) return;
      drawn = now;
      set(root, 'data-status', status);
      const mark = status === 'refused' ? icon('refused') : status === 'done' ? icon('done') : null;
      const said = { waiting: 'waiting', sending: 'taking in…', done: detail, refused: detail }[status];
      fill(root, mark, element('span', { class: 'intake-name' }, name), element('span', { class: 'intake-said' }, said));
    },
  };
}

/** @param {Actions} actions */
function createPaste(actions) {
  const text = element('textarea', { name: 'text', rows: 6, required: true });
  const form = element(
    'form',
    { class: 'paste', submit: onSubmit },
    field('Text', text),
    field('Title (optional)', element('input', { name: 'title' })),
    field('Web address (optional)', element('input', { name: 'source', type: 'url', placeholder: 'https://' })),
    field('Published (optional)', element('input', { name: 'published', type: 'date' })),
    element('button', { type: 'submit', class: 'primary' }, 'Add the article'),
  );
  const root = element('details', { class: 'more' }, element('summary', {}, 'Paste a text instead'), form);

  /** @param {SubmitEvent} event */
  async function onSubmit(event) {
    event.preventDefault();
    const given = [...new FormData(form)].filter(([, value]) => String(value).trim());
    const taken = await actions.addText({ text: text.value, ...Object.fromEntries(given) });
    if (!taken) return;
    form.reset();
    root.open = false;
  }

  return root;
}

/** @param {Actions} actions */
function createAddress(actions) {
  const url = element('input', { type: 'url', required: true, placeholder: 'https://' });
  const form = element(
    'form',
    { class: 'paste', submit: onSubmit },
    field('Address of a page or feed', url),
    element('button', { type: 'submit', class: 'primary' }, 'Fetch and add'),
  );
  const root = element('details', { class: 'more' }, element('summary', {}, 'Add from the web'), form);

  /** @param {SubmitEvent} event */
  async function onSubmit(event) {
    event.preventDefault();
    if (await actions.addAddress(url.value)) form.reset();
  }

  return root;
}

/** @param {string} label @param {HTMLElement} input */
function field(label, input) {
  return element('label', { class: 'field' }, element('span', {}, label), input);
}
