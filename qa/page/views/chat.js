/** @import {Actions, Conversation, State} from '../types.js' */
/** @import {Shown} from './turn.js' */
import { hashOf, library } from '../route.js';
import { isEmpty, shown } from '../state.js';
import { createComposer } from './composer.js';
import { button, element, fill, icon, say, set } from './element.js';
import { keyed } from './keyed.js';
import { createTurn } from './turn.js';

/** @param {Actions} actions */
export function createChat(actions) {
  const head = createHead(actions);
  const home = createHome(actions);
  const missing = element(
    'div',
    { class: 'missing' },
    element('h1', {}, 'This conversation is not here'),
    element('p', {}, 'Conversations are kept in the browser where they were held, until they are deleted.'),
  );
  const thread = createThread(actions);
  const composer = createComposer(actions);
  const root = element('section', { class: 'chat' }, head.element, home.element, missing, thread.element, composer.element);

  return {
    element: root,
    focus: composer.focus,
    /** @param {State} state */
    update(state) {
      const { route } = state;
      set(root, 'hidden', route.view === 'library');
      if (route.view === 'library') return;
      const conversation = shown(state);
      const isHome = route.view === 'ask' || !route.conversation;
      set(root, 'data-home', isHome);
      set(missing, 'hidden', isHome || conversation !== null);
      home.update(state, isHome);
      head.update(conversation);
      thread.update(state, conversation);
      composer.update(state);
    },
  };
}

/** @param {Actions} actions */
function createHead(actions) {
  let id = '';
  const title = element('h1', {});
  const root = element(
    'header',
    { class: 'chat-head' },
    title,
    button('rename', 'Rename', { class: 'plain', title: 'Rename', click: () => actions.show({ kind: 'rename', id }) }),
    button('export', 'Export', { class: 'plain', title: 'Save as Markdown', click: () => actions.exportMarkdown(id) }),
    button('delete', 'Delete', { class: 'plain', title: 'Delete', click: () => actions.show({ kind: 'delete', id }) }),
  );
  return {
    element: root,
    /** @param {Conversation | null} conversation */
    update(conversation) {
      set(root, 'hidden', conversation === null);
      if (!conversation) return;
      id = conversation.id;
      say(title, conversation.title);
      set(title, 'title', conversation.title);
    },
  };
}

/** @param {Actions} actions */
function createHome(actions) {
  const list = element('ul', { class: 'suggestions', 'aria-label': 'Suggested questions' });
  const empty = element(
    'div',
    { class: 'empty' },
    element('p', {}, 'There is nothing to ask yet: the library has no articles.'),
    element('a', { class: 'primary', href: hashOf(library()) }, icon('new'), 'Add articles'),
  );
  const root = element(
    'div',
    { class: 'home' },
    element('h1', {}, 'Ask the articles'),
    element('p', { class: 'lead' }, 'Every answer is a quotation: the articles’ own words, with the place to check them.'),
    list,
    empty,
  );
  /** @type {string[]} */
  let drawn = [];
  return {
    element: root,
    /** @param {State} state @param {boolean} isHome */
    update(state, isHome) {
      set(root, 'hidden', !isHome);
      set(empty, 'hidden', !isEmpty(state));
      set(list, 'hidden', isEmpty(state) || !state.suggestions.length);
      if (drawn === state.suggestions) return;
      drawn = state.suggestions;
      fill(list, ...drawn.map((question) => suggestion(actions, question)));
    },
  };
}

/** @param {Actions} actions @param {string} question */
function suggestion(actions, question) {
  const act = () => actions.ask(question);
  return element('li', {}, element('button', { type: 'button', class: 'suggestion', click: act }, question));
}

/** @param {Actions} actions */
function createThread(actions) {
  const list = element('div', { class: 'turns' });
  const root = element('div', { class: 'thread', tabindex: 0, role: 'region', 'aria-label': 'Questions and answers' }, list);
  const draw = keyed(list, (/** @type {Shown} */ { turn }) => turn.id, (shown) => createTurn(actions, shown));
  let seen = '';

  /** The newest question comes to the top when it is asked and when it is answered. */
  function showNewest() {
    const newest = list.lastElementChild;
    if (!newest) return;
    const by = newest.getBoundingClientRect().top - root.getBoundingClientRect().top;
    root.scrollTop += by;
  }

  return {
    element: root,
    /** @param {State} state @param {Conversation | null} conversation */
    update({ route, progress }, conversation) {
      set(root, 'hidden', conversation === null);
      const turns = conversation?.turns ?? [];
      const looked = route.view === 'chat' ? route : null;
      draw(
        turns.map((turn) => ({
          conversation: conversation?.id ?? '',
          turn,
          progress: progress[turn.id] ?? null,
          place: looked?.turn === turn.id ? looked.place : null,
        })),
      );
      const last = turns.at(-1);
      const now = `${conversation?.id} ${last?.id} ${last?.outcome?.kind}`;
      if (now !== seen) showNewest();
      seen = now;
    },
  };
}
