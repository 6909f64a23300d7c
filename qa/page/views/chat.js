/** @import {Actions, Conversation, State} from '../types.js' */
/** @import {Shown} from './turn.js' */
import { hashOf, library } from '../route.js';
import { isAdding, isEmpty, shown } from '../state.js';
import { t } from '../text.js';
import { createComposer } from './composer.js';
import { button, element, fill, icon, say, scrollerOf, set } from './element.js';
import { keyed } from './keyed.js';
import { createTurn } from './turn.js';

/** @param {Actions} actions */
export function createChat(actions) {
  const head = createHead(actions);
  const thread = createThread(actions, head.isRepeated);
  const home = createHome(actions);
  const missing = element(
    'div',
    { class: 'missing' },
    element('h1', {}, t('This conversation is not here')),
    element('p', {}, t('Conversations are kept in the browser where they were held, until they are deleted.')),
  );
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
      const isHome = route.view !== 'chat' || !route.conversation;
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
  const title = element('h1', { dir: 'auto' });
  const root = element(
    'header',
    { class: 'chat-head' },
    title,
    button('edit', t('Rename'), { class: 'plain', title: t('Rename'), click: () => actions.show({ kind: 'rename', id }) }),
    button('print', t('Print'), { class: 'plain', title: t('Print'), click: () => actions.print('conversation') }),
    button('export', t('Export'), { class: 'plain', title: t('Export'), click: () => actions.show({ kind: 'export', id }) }),
    button('delete', t('Delete'), { class: 'plain', title: t('Delete'), click: () => actions.show({ kind: 'delete', id }) }),
  );
  return {
    element: root,
    /** The question that gave the title is in sight, so that nobody needs to see it twice. @param {boolean} repeated */
    isRepeated: (repeated) => set(title, 'data-repeated', repeated),
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
  const list = element('ul', { class: 'suggestions', 'aria-label': t('Suggested questions') });
  const empty = element(
    'div',
    { class: 'empty' },
    element('p', {}, t('There is nothing to ask yet: the library has no articles.')),
    element('a', { class: 'primary', href: hashOf(library()) }, icon('new'), t('Add articles')),
  );
  const root = element(
    'div',
    { class: 'home' },
    element('h1', {}, t('Ask the articles')),
    element('p', { class: 'lead' }, t('Every answer is a quotation: the articles’ own words, with the place to check them.')),
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
  return element('li', {}, element('button', { type: 'button', class: 'suggestion', dir: 'auto', click: act }, question));
}

/** @param {Actions} actions @param {(repeated: boolean) => void} isRepeated */
function createThread(actions, isRepeated) {
  const list = element('div', { class: 'turns' });
  const root = element('div', { class: 'thread', tabindex: 0, role: 'region', 'aria-label': t('Questions and answers'), scroll: () => compareTitle() }, list);
  const draw = keyed(list, (/** @type {Shown} */ { turn }) => turn.id, (shown) => createTurn(actions, shown));
  let seen = '';
  let namesItself = false;

  function compareTitle() {
    const first = list.querySelector('.question');
    const inSight = first && first.getBoundingClientRect().bottom > root.getBoundingClientRect().top;
    isRepeated(namesItself && Boolean(inSight));
  }

  /** The newest question comes to the top when it is asked and when it is answered. */
  function showNewest() {
    const newest = list.lastElementChild;
    const frame = scrollerOf(root);
    if (newest) frame.scrollTop += newest.getBoundingClientRect().top - frame.getBoundingClientRect().top;
  }

  return {
    element: root,
    /** @param {State} state @param {Conversation | null} conversation */
    update(state, conversation) {
      const { route, progress, editing } = state;
      set(root, 'hidden', conversation === null);
      const turns = conversation?.turns ?? [];
      const looked = route.view === 'chat' ? route : null;
      draw(
        turns.map((turn) => ({
          conversation: conversation?.id ?? '',
          turn,
          progress: progress[turn.id] ?? null,
          place: looked?.turn === turn.id ? looked.place : null,
          editing: editing === turn.id,
          adding: isAdding(state),
        })),
      );
      const last = turns.at(-1);
      const now = `${conversation?.id} ${last?.id} ${last?.outcome?.kind}`;
      if (now !== seen) showNewest();
      seen = now;
      namesItself = conversation !== null && !conversation.named;
      compareTitle();
    },
  };
}
