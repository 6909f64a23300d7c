/**
 * Everything is wired together here.
 */

/** @import {State} from './types.js' */
import { createActions, start } from './actions.js';
import * as effects from './effects.js';
import { hashOf, library } from './route.js';
import { articleShown, initial, shown } from './state.js';
import { createStore } from './store.js';
import { language, speak, t } from './text.js';
import { createChat } from './views/chat.js';
import { createDialogs } from './views/dialogs.js';
import { button, element, icon, set } from './views/element.js';
import { createLibrary } from './views/library.js';
import { createNotices } from './views/notices.js';
import { createPanel } from './views/panel.js';
import { createSidebar } from './views/sidebar.js';

await speak(effects.keptLanguage());
document.documentElement.lang = language();

const kept = {
  conversations: effects.keptConversations(),
  theme: effects.keptTheme(),
  shortcuts: effects.keptShortcuts(),
  hasKey: effects.keepsKey(),
  missing: effects.unsent(),
  hash: effects.hash(),
};
const store = createStore(initial(kept), draw);
const actions = createActions(store);

const sidebar = createSidebar(actions);
const chat = createChat(actions);
const libraryView = createLibrary(actions);
const panel = createPanel(actions);
const dialogs = createDialogs(actions);
const notices = createNotices(actions);
const views = [sidebar, chat, libraryView, panel, dialogs, notices];

const menu = button('menu', t('Conversations'), { class: 'plain', 'aria-controls': 'sidebar', click: () => actions.setMenu(!store.get().menu) }, { bare: true });
const bar = element(
  'header',
  { class: 'bar' },
  menu,
  element('a', { class: 'brand', href: '#/' }, element('img', { src: '/page/icon.svg', alt: '', width: 24, height: 24 }), 'Pullquote'),
  element('a', { class: 'plain', href: '#/', title: t('New question') }, icon('new'), element('span', { class: 'unseen' }, t('New question'))),
);
const shade = element('div', { class: 'shade', click: () => actions.setMenu(false) });
const main = element('main', { id: 'main' }, chat.element, libraryView.element);
const target = element('div', { class: 'target', 'aria-hidden': 'true' }, element('p', {}, icon('file'), t('Drop files or folders to add them to the library')));
const app = element('div', { class: 'app' }, bar, sidebar.element, main, panel.element, notices.element, shade);
const skip = element('a', { class: 'skip', href: '#main', click: skipTo }, t('Skip to the content'));
document.querySelector('noscript')?.remove();
document.body.prepend(skip, app, dialogs.element, target);

/** @type {State | null} */
let drawn = null;

/** @param {State} state */
function draw(state) {
  const before = drawn;
  drawn = state;
  for (const view of views) view.update(state);
  set(app, 'data-panel', articleShown(state) !== null);
  set(app, 'data-menu', state.menu);
  const host = dialogs.isOpen() ? dialogs.element : app;
  if (notices.element.parentElement !== host) host.append(notices.element);
  set(menu, 'aria-expanded', state.menu ? 'true' : 'false');
  main.inert = state.menu;
  const title = state.route.view === 'library' ? t('Library') : shown(state)?.title;
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
  if (before?.editing && !state.editing && document.activeElement === document.body) chat.focus();
  if (state.menu && !before?.menu) sidebar.element.querySelector('a')?.focus();
  if (before && viewOf(before) === viewOf(state)) {
    if (before.menu && !state.menu) menu.focus();
    return;
  }
  if (state.route.view === 'library') {
    if (before) libraryView.focus();
  } else if (matchMedia('(pointer: fine)').matches) chat.focus();
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
  return target instanceof Element && target.matches('textarea, select, input:not([type=radio], [type=checkbox], [type=file])');
}

/** Past what is the same on every page. @param {Event} event */
function skipTo(event) {
  event.preventDefault();
  if (store.get().route.view === 'library') libraryView.focus();
  else chat.focus();
}

/** Files and folders may be dropped anywhere. @param {DragEvent} event */
function onDrag(event) {
  if (!event.dataTransfer?.types.includes('Files')) return;
  event.preventDefault();
  // It leaves the window when it goes to nothing.
  const over = event.type === 'dragover' || (event.type === 'dragleave' && event.relatedTarget !== null);
  set(target, 'data-over', over);
  if (event.type === 'drop') void addDropped(event.dataTransfer);
}

/** @param {DataTransfer} dropped */
async function addDropped(dropped) {
  const files = effects.droppedFiles(dropped); // what was dropped is known during the event only
  actions.open(library());
  await actions.addFiles(await files);
}

addEventListener('keydown', onKey);
for (const type of /** @type {const} */ (['dragover', 'dragleave', 'drop'])) addEventListener(type, onDrag);
draw(store.get());
start(store, actions);
