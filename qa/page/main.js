/**
 * Everything is wired together here.
 */

/** @import {State} from './types.js' */
import { createActions, start } from './actions.js';
import * as effects from './effects.js';
import { hashOf, library } from './route.js';
import { articleShown, initial, shown } from './state.js';
import { createStore } from './store.js';
import { createChat } from './views/chat.js';
import { createDialogs } from './views/dialogs.js';
import { button, element, icon, set } from './views/element.js';
import { createLibrary } from './views/library.js';
import { createNotices } from './views/notices.js';
import { createPanel } from './views/panel.js';
import { createSidebar } from './views/sidebar.js';

const kept = {
  conversations: effects.keptConversations(),
  theme: effects.keptTheme(),
  shortcuts: effects.keptShortcuts(),
  hasKey: effects.keepsKey(),
  hash: effects.hash(),
};
const store = createStore(initial(kept), draw);
const actions = createActions(store);

const sidebar = createSidebar(actions);
const chat = createChat(actions);
const libraryView = createLibrary(actions);
const panel = createPanel(actions);
const dialogs = createDialogs(actions);
const notices = createNotices();
const views = [sidebar, chat, libraryView, panel, dialogs, notices];

const menu = button('menu', 'Conversations', { class: 'plain', 'aria-controls': 'sidebar', click: () => actions.setMenu(!store.get().menu) }, { bare: true });
const bar = element(
  'header',
  { class: 'bar' },
  menu,
  element('a', { class: 'brand', href: '#/' }, element('img', { src: '/page/icon.svg', alt: '', width: 24, height: 24 }), 'Pullquote'),
  element('a', { class: 'plain', href: '#/', title: 'New question' }, icon('new'), element('span', { class: 'unseen' }, 'New question')),
);
const shade = element('div', { class: 'shade', click: () => actions.setMenu(false) });
const main = element('main', {}, chat.element, libraryView.element);
const app = element('div', { class: 'app' }, bar, sidebar.element, main, panel.element, shade);
document.body.replaceChildren(app, dialogs.element, notices.element);

/** @type {State | null} */
let drawn = null;

/** @param {State} state */
function draw(state) {
  const before = drawn;
  drawn = state;
  for (const view of views) view.update(state);
  set(app, 'data-panel', articleShown(state) !== null);
  set(app, 'data-menu', state.menu);
  set(menu, 'aria-expanded', state.menu ? 'true' : 'false');
  main.inert = state.menu;
  const title = state.route.view === 'library' ? 'Library' : shown(state)?.title;
  document.title = title ? `${title} – Pullquote` : 'Pullquote';
  moveFocus(before, state);
}

/** The focus follows to where something new has opened. @param {State | null} before @param {State} state */
function moveFocus(before, state) {
  if (before && articleShown(before) !== articleShown(state)) {
    if (articleShown(state) !== null) panel.focus();
    else returnFocus(before);
  }
  // The button that removed an article went with it.
  const removed = before && state.library.size < before.library.size;
  if (removed && document.activeElement === document.body) libraryView.focus();
  if (state.menu && !before?.menu) sidebar.element.querySelector('a')?.focus();
  if (before && viewOf(before) === viewOf(state)) {
    if (before.menu && !state.menu) menu.focus();
    return;
  }
  if (state.route.view === 'library') libraryView.focus();
  else if (matchMedia('(pointer: fine)').matches) chat.focus();
}

/** To the link that opened the panel. @param {State} before */
function returnFocus({ route }) {
  const link =
    route.view === 'chat'
      ? main.querySelector(`[id="turn-${route.turn}"] ~ * [data-place="${route.place}"]`)
      : main.querySelector(`[href="${hashOf(route)}"]`);
  if (link instanceof HTMLElement) link.focus();
}

/** @param {State} state */
function viewOf({ route }) {
  return route.view === 'chat' ? `chat ${route.conversation}` : route.view;
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const state = store.get();
  if (state.dialog || event.defaultPrevented) return;
  if (event.key === 'Escape') {
    if (state.menu) actions.setMenu(false);
    else if (articleShown(state) !== null) actions.closePanel();
    return;
  }
  if (!state.shortcuts || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') {
    event.preventDefault();
    if (state.route.view === 'library') libraryView.focusFind();
    else chat.focus();
  }
  if (event.key === '?') actions.show({ kind: 'keys' });
}

/** @param {KeyboardEvent} event */
function isTyping({ target }) {
  return target instanceof Element && target.matches('textarea, input:not([type=radio], [type=file])');
}

/** Files may be dropped anywhere. @param {DragEvent} event */
function onDrag(event) {
  if (!event.dataTransfer?.types.includes('Files')) return;
  event.preventDefault();
  if (event.type !== 'drop') return;
  actions.open(library());
  void actions.addFiles([...event.dataTransfer.files]);
}

addEventListener('keydown', onKey);
addEventListener('dragover', onDrag);
addEventListener('drop', onDrag);
draw(store.get());
start(store, actions);
