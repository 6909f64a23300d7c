/** @import {Actions, Conversation, State, Theme} from '../types.js' */
import { chat, hashOf, library } from '../route.js';
import { found } from '../state.js';
import { language, plural, t } from '../text.js';
import { button, element, icon, say, set } from './element.js';
import { keyed } from './keyed.js';

/** @param {Actions} actions */
export function createSidebar(actions) {
  const count = element('span', { class: 'count' });
  const libraryLink = element('a', { class: 'nav-link', href: hashOf(library()) }, icon('library'), element('span', {}, t('Library')), count);
  const list = element('ul', { class: 'conversations' });
  const none = element('p', { class: 'quiet' });
  const find = element('input', {
    type: 'search',
    placeholder: t('Find a conversation'),
    'aria-label': t('Find a conversation'),
    input: () => actions.find(find.value),
  });
  const finding = element('div', { class: 'field-with-icon' }, icon('find'), find);
  const theme = createTheme(actions);
  const about = element('button', { type: 'button', class: 'link', click: () => actions.show({ kind: 'about' }) }, t('About'));
  const next = language() === 'de' ? 'en' : 'de';
  const other = element('button', { type: 'button', class: 'link', lang: next, click: () => actions.setLanguage(next) }, next === 'de' ? 'Deutsch' : 'English');
  const root = element(
    'nav',
    { class: 'sidebar', 'aria-label': t('Conversations and library'), id: 'sidebar' },
    element('a', { class: 'brand', href: '#/' }, element('img', { src: '/page/icon.svg', alt: '', width: 28, height: 28 }), 'Pullquote'),
    element('a', { class: 'nav-link', href: '#/' }, icon('new'), element('span', {}, t('New question'))),
    libraryLink,
    element('h2', { class: 'sidebar-title' }, t('Conversations')),
    finding,
    list,
    none,
    element(
      'div',
      { class: 'sidebar-foot' },
      theme.element,
      button('keys', t('Keys'), { class: 'plain', click: () => actions.show({ kind: 'keys' }) }),
      element('p', { class: 'sidebar-links' }, about, ' · ', element('a', { href: '/docs' }, t('For programs')), ' · ', other),
    ),
  );
  const drawList = keyed(list, (/** @type {Conversation & {current: boolean}} */ { id }) => id, entry);

  return {
    element: root,
    /** @param {State} state */
    update(state) {
      const shown = state.route.view === 'chat' ? state.route.conversation : null;
      const conversations = found(state);
      drawList(conversations.map((each) => ({ ...each, current: each.id === shown })));
      set(finding, 'hidden', state.conversations.length < 2 && !state.find);
      say(none, nothing(state, conversations.length));
      set(none, 'hidden', conversations.length > 0);
      set(libraryLink, 'aria-current', state.route.view === 'library' ? 'page' : null);
      say(count, state.library.status === 'ready' ? String(state.library.size) : '');
      set(count, 'title', plural(state.library.size, '1 article', '{n} articles'));
      theme.update(state);
    },
  };
}

/** @param {State} state @param {number} found */
function nothing(state, found) {
  if (found) return '';
  return state.find ? t('No conversation holds these words.') : t('What you ask is kept here, in this browser only.');
}

function entry() {
  const link = element('a', { dir: 'auto' });
  return {
    element: element('li', {}, link),
    /** @param {Conversation & {current: boolean}} conversation */
    update({ id, title, current }) {
      set(link, 'href', hashOf(chat(id)));
      set(link, 'title', title);
      say(link, title);
      set(link, 'aria-current', current ? 'page' : null);
    },
  };
}

/** @param {Actions} actions */
function createTheme(actions) {
  /** @type {[Theme, string][]} */
  const themes = [['system', t('Auto')], ['light', t('Light')], ['dark', t('Dark')]];
  const inputs = themes.map(([theme]) =>
    element('input', { type: 'radio', name: 'theme', value: theme, change: () => actions.setTheme(theme) }),
  );
  const labels = themes.map(([, label], i) => element('label', {}, inputs[i] ?? null, element('span', {}, label)));
  return {
    element: element('fieldset', { class: 'segments' }, element('legend', { class: 'unseen' }, t('Colours')), ...labels),
    /** @param {State} state */
    update({ theme }) {
      for (const input of inputs) input.checked = input.value === theme;
      set(document.documentElement, 'data-theme', theme === 'system' ? null : theme);
    },
  };
}
