/**
 * The article beside the chat, with the cited words marked.
 */

/** @import {Actions, Article, Sight, State} from '../types.js' */
import { chat } from '../route.js';
import { articleShown, looking } from '../state.js';
import { t } from '../text.js';
import { day, placed, sourceLine, titled, webAddress } from '../words.js';
import { createText } from './article.js';
import { button, element, fill, icon, say, set, tags } from './element.js';
import { createTools } from './tools.js';

/** @param {Actions} actions */
export function createPanel(actions) {
  const title = element('h2', { tabindex: -1, id: 'panel-title', dir: 'auto' });
  const about = element('div', { class: 'about' });
  const text = createText(onSelect);
  const steps = createSteps(actions, text.focusMark);
  const tools = createTools(actions, text);
  const note = element('p', { class: 'note', role: 'status' });
  const copying = button('copy', t('Copy with the citation'), { class: 'primary copy-selected', click: copySelected });
  const head = element(
    'header',
    { class: 'panel-head' },
    element(
      'div',
      { class: 'panel-title' },
      title,
      button('print', t('Print the article'), { class: 'plain', click: () => actions.print('article') }, { bare: true }),
      button('close', t('Close the article'), { class: 'plain', click: () => actions.closePanel() }, { bare: true }),
    ),
    about,
    steps.element,
    note,
    tools.element,
  );
  const root = element('aside', { class: 'panel', 'aria-labelledby': 'panel-title' }, head, text.element, copying);
  copying.hidden = true;
  let drawnAbout = '';
  /** @type {Article | null} */
  let shown = null;
  /** @type {{start: number, end: number, paragraph: number} | null} */
  let selected = null;

  /** @param {{start: number, end: number, paragraph: number} | null} place */
  function onSelect(place) {
    selected = place;
    copying.hidden = place === null;
  }

  function copySelected() {
    if (!selected || !shown) return;
    const { start, end, paragraph } = selected;
    const words = Array.from(shown.text).slice(start, end).join('').trim();
    const { title: name, source, published, revision } = shown;
    const line = sourceLine({ article_id: shown.id, title: name, source, published, revision, paragraph, heading: null, start, end, quote: words, sentence: { start, end, text: words }, url: null });
    void actions.copy(`“${words}”\n${line}`);
  }

  return {
    element: root,
    focus: () => title.focus(),
    /** @param {State} state */
    update(state) {
      const id = articleShown(state);
      set(root, 'hidden', id === null);
      if (id === null) {
        text.clear();
        onSelect(null);
        return;
      }
      const view = looking(state);
      const reading = state.reading?.id === id ? state.reading : null;
      const article = reading?.article ?? null;
      const listed = state.library.articles.find((each) => each.id === id);
      shown = article;
      say(title, titled(article?.title ?? view?.sight.title ?? listed?.title));
      const drawn = `${id} ${article?.revision} ${view?.sight.url} ${JSON.stringify(article?.tags)}`;
      if (drawn !== drawnAbout) fill(about, ...aboutParts(article, view?.sight ?? null));
      drawnAbout = drawn;
      steps.update(state);
      say(note, noteOf(state, view?.sight ?? null, article));
      set(note, 'hidden', !note.textContent);
      text.update(article, view?.sight ?? null, state.verdict);
      tools.update(state, article);
    },
  };
}

/** @param {Article | null} article @param {Sight | null} sight */
function aboutParts(article, sight) {
  const source = article?.source ?? null;
  const address = webAddress(sight?.url ?? null) ?? webAddress(source);
  const link = address && element('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, t('Source'), icon('out'));
  return [
    article?.author ? element('span', { dir: 'auto' }, article.author) : null,
    article?.published ? element('span', {}, day(article.published)) : null,
    link || (source ? element('span', { class: 'source' }, source) : null),
    tags(article?.tags),
  ];
}

/** @param {State} state @param {Sight | null} sight @param {Article | null} article */
function noteOf({ reading, verdict }, sight, article) {
  const words = sight?.quote ?? '';
  if (reading?.status === 'loading') return t('Opening the article…');
  if (reading?.status === 'failed') return sight ? `${reading.detail} ${t('The quoted words: “{words}”', { words })}` : reading.detail;
  if (!article || !sight?.revision || article.revision === sight.revision) return '';
  if (verdict?.status === 'gone') return t('The article has changed since, and these words are gone: “{words}”', { words });
  if (verdict) return t('The article has changed since; the words stand here now.');
  return t('The article has changed since.');
}

/** @param {Actions} actions @param {() => void} focusMark */
function createSteps(actions, focusMark) {
  /** @type {State | null} */
  let current = null;
  const kinds = /** @type {const} */ ({ citation: 'Citation {n} of {of}', alternative: 'Also found {n} of {of}', passage: 'Passage {n} of {of}' });
  const label = element('span', { role: 'status' });
  const quote = element('button', { type: 'button', class: 'link', click: focusMark }, t('Go to the quote'));
  const previous = button('previous', t('Previous'), { class: 'plain', click: () => step(-1) }, { bare: true });
  const next = button('next', t('Next'), { class: 'plain', click: () => step(1) }, { bare: true });
  const root = element('div', { class: 'steps' }, label, quote, previous, next);

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
      say(label, `${t(kinds[sight.kind], { n: index + 1, of: sights.length })} · ${placed(sight)}`);
      set(quote, 'hidden', state.reading?.status !== 'ready');
      set(previous, 'aria-disabled', index === 0 ? 'true' : null);
      set(next, 'aria-disabled', index === sights.length - 1 ? 'true' : null);
      set(previous, 'hidden', sights.length < 2);
      set(next, 'hidden', sights.length < 2);
    },
  };
}
